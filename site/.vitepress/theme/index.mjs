import { onContentUpdated, useData } from "vitepress";
import DefaultTheme from "vitepress/theme-without-fonts";
import { watch } from "vue";
import "katex/dist/katex.min.css";
import "./style.css";
import { hide as hideCard, watchTerms } from "./cards.mjs";
import { watchCode } from "./code.mjs";
import { reviveFigures, themeFigures } from "./figures.mjs";

export default {
  extends: DefaultTheme,
  setup() {
    const { isDark, site } = useData();
    onContentUpdated(() => {
      reviveFigures(site.value.base, () => isDark.value);
      watchCode();
      hideCard();
      watchTerms();
    });
    watch(isDark, (dark) => themeFigures(dark));
  },
};
