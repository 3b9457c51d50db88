// The isolate as a dedicated worker of a browser. Its clock is time on the wall: a worker has no other.

import { createIsolate, type Question } from "./isolate.ts";
import { isProbeAnswer, type ProbeAnswer, type ProbeWord } from "./probe.ts";
import type { Allocation, HeapProbe } from "./row.ts";

let hear: (answer: ProbeAnswer) => void = () => undefined;

// The page answers each word with what belongs to it.
const heap: HeapProbe = {
  settledBytes: async () => (await probe("settledBytes")) as number,
  startCounting: async () => {
    await probe("startCounting");
  },
  stopCounting: async () => (await probe("stopCounting")) as Allocation,
};

const answer = createIsolate({ nowMs: () => performance.now(), heap });

globalThis.addEventListener("message", ({ data }: MessageEvent<Question | ProbeAnswer>) => {
  if (isProbeAnswer(data)) hear(data);
  else void answer(data).then((sentBack) => globalThis.postMessage(sentBack));
});

function probe(word: ProbeWord): Promise<ProbeAnswer["probed"]> {
  return new Promise((resolve) => {
    hear = ({ probed }) => resolve(probed);
    globalThis.postMessage({ probe: word });
  });
}
