// How much a person slows a node of a broker down by hand; the timeline can say any factor.

/** Everything takes so many times as long. */
export const slowFactor = 20;
