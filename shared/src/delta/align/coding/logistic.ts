/** Bits of a probability, and the range of its logit: 256 log(p / (1 - p)), from -2047 to 2047. */
export const ONE = 4096;
export const LOGIT_MAX = 2047;

/** ONE / (1 + e^(-k / 2)) for k from -16 to 16, rounded. */
const KNOTS = [
  1, 2, 4, 6, 10, 17, 27, 45, 74, 120, 194, 311, 488, 747, 1102, 1546, 2048, 2550, 2994, 3349, 3608, 3785,
  3902, 3976, 4022, 4051, 4069, 4079, 4086, 4090, 4092, 4094, 4095,
];
const KNOT_BITS = 7;
const KNOT = 2 ** KNOT_BITS;

/** The probability (1 to ONE - 1) of a logit, at the index LOGIT_MAX + logit: straight lines between the knots. */
export const PROBABILITIES = Int16Array.from({ length: 2 * LOGIT_MAX + 1 }, (_, index) => {
  const place = index + 1;
  const knot = place >> KNOT_BITS;
  const part = place & (KNOT - 1);
  const low = KNOTS[knot] as number;
  const high = KNOTS[knot + 1] as number;
  return (low * (KNOT - part) + high * part + KNOT / 2) >> KNOT_BITS;
});

/** The lowest logit whose probability is no lower than the index; LOGIT_MAX where there is none. */
export const LOGITS = Int16Array.from({ length: ONE }, (_, probability) => {
  const index = PROBABILITIES.findIndex((other) => other >= probability);
  return index < 0 ? LOGIT_MAX : index - LOGIT_MAX;
});
