const GOLDEN = (3 - Math.sqrt(5)) / 2

/**
 * Minimum of a function of one variable in an interval, by Brent's method (Brent 1973, `fminbnd`): parabolas through the last points,
 * golden sections where these do not help.
 *
 * @param evaluate unimodal between the bounds; Infinity where it has no value
 * @returns where it is least, to about 1e-9 of the place; the nearest of several minima otherwise
 */
export function minimumOf(evaluate: (x: number) => number, lower: number, upper: number): number {
  let [a, b] = [lower, upper]
  let x = a + GOLDEN * (b - a)
  let [w, v] = [x, x]
  let fx = evaluate(x)
  let [fw, fv] = [fx, fx]
  let [step, previous] = [0, 0]
  for (let iteration = 0; iteration < 200; iteration++) {
    const middle = (a + b) / 2
    const tolerance = 1e-10 * Math.abs(x) + 1e-11
    if (Math.abs(x - middle) <= 2 * tolerance - (b - a) / 2) break
    const parabola = parabolicStep(x, w, v, fx, fw, fv)
    const fits =
      Number.isFinite(parabola) &&
      Math.abs(previous) > tolerance &&
      Math.abs(parabola) < Math.abs(previous / 2) &&
      x + parabola > a &&
      x + parabola < b
    const section = x < middle ? b - x : a - x
    previous = fits ? step : section
    step = fits ? parabola : GOLDEN * section
    const u = x + (Math.abs(step) >= tolerance ? step : Math.sign(step) * tolerance)
    const fu = evaluate(u)
    if (fu <= fx) {
      if (u < x) b = x
      else a = x
      ;[v, w, x] = [w, x, u]
      ;[fv, fw, fx] = [fw, fx, fu]
      continue
    }
    if (u < x) a = u
    else b = u
    if (fu <= fw || w === x) {
      ;[v, w] = [w, u]
      ;[fv, fw] = [fw, fu]
    } else if (fu <= fv || v === x || v === w) {
      ;[v, fv] = [u, fu]
    }
  }
  return x
}

/** From x to the turning point of the parabola through three points; not finite when they lie on a line. */
function parabolicStep(x: number, w: number, v: number, fx: number, fw: number, fv: number): number {
  const r = (x - w) * (fx - fv)
  const q = (x - v) * (fx - fw)
  return -((x - v) * q - (x - w) * r) / (2 * (q - r))
}
