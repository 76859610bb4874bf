/** Several draws of a model's noise in one step: the gradient of their mean has less noise, and costs as many passes. */
import { checkCount } from "../../core/index.js";
import type { Feed, Model, NoiseSpec } from "../../nn/layers/index.js";

/**
 * The same model, whose terms are means over `draws` draws of all its noise. It has the parameters of the model it is made of, which can
 * be used with what it learns.
 * @throws RangeError when the number of draws is no positive integer.
 * @see Blundell et al. 2015, equation 2
 */
export function averageDraws(model: Model, draws: number): Model {
  checkCount("draws", draws);
  const nameOf = (spec: NoiseSpec, s: number) => `${spec.name} ${s}`;
  const each = Array.from({ length: draws }, (_, s) => s);
  const feedOfDraw = (feed: Feed, s: number): Feed => ({
    ...feed,
    update: (name, value) => feed.update(name, value),
    noise: Object.fromEntries(
      model.noise.flatMap((spec) => {
        const fed = feed.noise[nameOf(spec, s)];
        return fed ? [[spec.name, fed]] : [];
      }),
    ),
  });
  return {
    ...model,
    noise: each.flatMap((s) => model.noise.map((spec) => ({ ...spec, name: nameOf(spec, s) }))),
    terms(feed, x, y) {
      const terms = each.map((s) => model.terms(feedOfDraw(feed, s), x, y));
      const average = (of: "nll" | "kl") =>
        terms
          .map((t) => t[of])
          .reduce((sum, part) => sum.add(part))
          .div(draws);
      return { nll: average("nll"), kl: average("kl") };
    },
  };
}
