// Never: lag = pending. XINFO's lag counts what nobody was given, the pending entries list what nobody has acknowledged.

import { expect, test } from "vitest";
import { StreamCommands } from "./commands.suite.ts";

test("reading takes from the lag and adds to what is pending, acknowledging takes from that alone", () => {
  const commands = new StreamCommands();
  commands.addMany(5);
  const group = commands.create("0");
  const seen = () => [commands.groups.lag(group), commands.groups.pendingCount(group)];
  expect(seen()).toEqual([5, 0]);
  commands.read(group, "c", { count: 2 });
  expect(seen()).toEqual([3, 2]);
  commands.xack(group, "1-0");
  expect(seen()).toEqual([3, 1]);
});
