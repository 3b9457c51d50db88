// How timers of components are told apart in the event list.

/** Bits of a timer code of a component; a code of the event list is the component's number and behind it these. */
export const codeBits = 6;
