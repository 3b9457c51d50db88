// Poison messages: the same messages fail at every attempt, wherever they come from, until what they stumble over is
// mended. Which ones follows from the message, not from chance at each attempt.

import { choice, type Fields, ratio } from "../../base/fields.ts";
import { hashText } from "../../kernel/random.ts";

/** Fields of poison messages. */
export const poisonFields = {
  poison: ratio({
    label: "Poison messages",
    default: 0,
    help: "Share of the messages that fail at every attempt, also when they come again. 0 mends it.",
    group: "Failures",
    live: true,
  }),
  poisonBy: choice({
    label: "Poison by",
    options: [
      { value: "message", label: "Message: some of every key" },
      { value: "key", label: "Key: all messages of some keys" },
    ],
    default: "message",
    help: "Whether single messages are poison, or everything about certain keys.",
    group: "Failures",
  }),
} as const satisfies Fields;

/** Whether what has a fingerprint (such as "12345 order-7") is poison to a service, when a share of all is. */
export function isPoison(service: string, fingerprint: string, share: number): boolean {
  return hashText(`${service}: ${fingerprint}`, 0x9e3779b9) < share * 2 ** 32;
}
