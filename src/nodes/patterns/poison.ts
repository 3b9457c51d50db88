// Poison messages: the same messages fail at every attempt, wherever they come from, until what they stumble over is
// mended. Which ones follows from the message, not from chance at each attempt.

import { hashText } from "../../kernel/random.ts";

/** Whether what has a fingerprint (such as "12345 order-7") is poison to a service, when a share of all is. */
export function isPoison(service: string, fingerprint: string, share: number): boolean {
  return hashText(`${service}: ${fingerprint}`, 0x9e3779b9) < share * 2 ** 32;
}
