/** Ways from one latent vector to another. */
import { checkFinite, checkLength, sum } from "../../core/index.js";

export type LatentPath = "linear" | "spherical";

/**
 * Latents on the way from `from` [K] at share 0 to `to` [K] at share 1, one for each share.
 *
 * Linear: (1 − α) a + α b, whose middle is nearer to the origin than its ends and so, in many dimensions, where the prior puts little
 * mass. Spherical: sin((1 − α)Ω)/sin Ω · a + sin(αΩ)/sin Ω · b with the angle Ω between a and b, which keeps the distance; where the
 * ends point the same way it is the linear path.
 * @throws RangeError when lengths differ, a value is not finite, or a spherical path has no plane: an end is 0 or they are opposite.
 * @see Shoemake 1985; White 2016
 */
export function latentPath(
  from: ArrayLike<number>,
  to: ArrayLike<number>,
  { shares, path = "linear" }: { readonly shares: ArrayLike<number>; readonly path?: LatentPath },
): Float64Array[] {
  checkLength("to", to, from.length);
  for (const [name, values] of Object.entries({ from, to, shares })) checkFinite(name, values);
  const angle = path === "spherical" ? angleBetween(from, to) : 0;
  const sine = Math.sin(angle);
  return Array.from(shares, (share) => {
    const [a, b] =
      sine > 1e-9
        ? [Math.sin((1 - share) * angle) / sine, Math.sin(share * angle) / sine]
        : [1 - share, share];
    return Float64Array.from(from, (value, k) => a * value + b * to[k]!);
  });
}

/** Radians. */
function angleBetween(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const product = sum(Array.from(a, (value, k) => value * b[k]!));
  const norms = Math.hypot(...Array.from(a)) * Math.hypot(...Array.from(b));
  const cosine = product / norms;
  if (!(norms > 0) || cosine < -1 + 1e-12)
    throw new RangeError(
      "spherical path: expected two codes that span a plane, got one of length 0 or opposite ones",
    );
  return Math.acos(Math.min(1, cosine));
}
