// Two tabs with the same document.

import { expect, test } from "vitest";
import { type TabChannel, watchOtherTabs } from "./otherTabs.ts";

test("the other tab is told once per document, and only about the one it shows", () => {
  const sent: unknown[] = [];
  const heard: ((event: MessageEvent<unknown>) => void)[] = [];
  const channel: TabChannel = {
    postMessage: (message) => sent.push(message),
    addEventListener: (_, listener) => heard.push(listener),
  };
  let conflicts = 0;
  const tabs = watchOtherTabs(
    channel,
    () => "mine",
    () => conflicts++,
  );
  tabs.saved("mine");
  expect(sent).toEqual(["mine"]);
  for (const data of ["other", "mine", "mine", 7])
    for (const hear of heard) hear(new MessageEvent("message", { data }));
  expect(conflicts).toBe(1);
});
