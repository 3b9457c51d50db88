// The fields of poison messages, apart from what they do: the page needs no random numbers to show them.

import { choice, type Fields, ratio } from "../../base/fields.ts";

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
