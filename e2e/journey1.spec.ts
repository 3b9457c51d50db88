// Thirty seconds: open, run, crash the payment service with one key, restart it, and compare with the synchronous twin.

import type { Locator } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import type { App } from "./pages/app.ts";

test("food delivery survives an outage that its synchronous twin does not", async ({ app }) => {
  const { canvas, transport, inspector, keyboard } = app;
  await app.open();
  await app.expectTitle(/^Food delivery/);
  await expect(canvas.broker("Apache Kafka", "Kafka")).toBeVisible();
  const customers = canvas.producer("Customers");
  const payment = canvas.service("Payment");
  const orders = canvas.channel("Topic", "orders");

  // Space: messages move, the clock advances, counts rise.
  await keyboard.press("Space");
  await canvas.expectMovingMessages();
  await transport.reach(1);
  const sent = await canvas.count(customers, "sent");
  expect(sent).toBeGreaterThan(0);
  await transport.setSpeed("5×");
  await expect.poll(async () => canvas.count(customers, "sent")).toBeGreaterThan(sent + 20);

  // One key crashes what is selected: the backlog grows in the broker, orders are still accepted.
  await payment.click();
  await keyboard.press("k");
  await expect(payment).toContainText("crashed");
  await growsBeyond(app, orders, 60);
  await expect(customers).toContainText("none failed");
  await expect(canvas.service("Orders")).not.toContainText("failed");

  // The other key restarts it: the backlog drains, the stores converge.
  await keyboard.press("r");
  await expect(payment).toContainText(/busy \d+ of 3/);
  await expect.poll(async () => canvas.waiting(orders), often).toBeLessThan(10);

  // The same outage in the twin: its callers fail, and the report compares both in numbers.
  await canvas.service("Payment (sync)").click();
  await keyboard.press("k");
  await expect(customers).toContainText(/\d+ failed/);
  await keyboard.press("r", "Escape");
  await transport.finish();
  await expect(canvas.store("Payments DB")).toContainText("converged");
  await expect(canvas.store("Rides DB")).toContainText("converged");
  expect(await canvas.waiting(orders)).toBe(0);
  const report = await app.showTab("Report");
  const ways = report.getByRole("list", { name: "Requests by way" }).getByRole("listitem");
  await expect(ways.filter({ hasText: "Customers → Orders" }).first()).toContainText("none failed");
  await expect(ways.filter({ hasText: "Customers → Orders (sync)" })).toContainText(
    /\d+ of [\d,]+ failed/,
  );
  await expect(report).toContainText("The books balance");
  await expect(report.getByRole("list", { name: "Objectives" })).not.toContainText("missed");

  // What was done stands on the timeline with its time.
  const acts = [
    "Crash Payment",
    "Restart Payment",
    "Crash Payment (sync)",
    "Restart Payment (sync)",
  ];
  for (const act of acts) expect(await inspector.timeOf(act), act).toMatch(/^\d/);
});

test("what is changed while it runs is recorded, and a restart repeats it", async ({ app }) => {
  const { canvas, transport, inspector, keyboard } = app;
  await app.open();
  await transport.setSpeed("10×");
  await transport.run();
  await transport.reach(3);
  await canvas.producer("Customers").click();
  await inspector.set("Rate", "60/s");
  await canvas.service("Driver matching").click();
  await inspector.set("Workers", "6");
  await expect(canvas.service("Driver matching")).toContainText("of 6");
  await canvas.service("Notification").click();
  await keyboard.press("k");
  await expect(canvas.service("Notification")).toContainText("crashed");
  await growsBeyond(app, canvas.channel("Topic", "rides"), 100);
  await keyboard.press("r", "Escape");

  const acts = ["Set rate of Customers", "Set workers of Driver matching", "Crash Notification"];
  for (const act of acts) await expect(inspector.entries().filter({ hasText: act })).toBeVisible();

  await transport.finish();
  const hash = await transport.stateHash();
  await transport.restart();
  await expect(canvas.service("Driver matching")).not.toContainText("of 6");
  await transport.finish();
  expect(await transport.stateHash()).toBe(hash);
});

/** Looked at often: at five times the speed, a second is long. */
const often = { intervals: [50] };

async function growsBeyond({ canvas }: App, channel: Locator, count: number): Promise<void> {
  await expect.poll(async () => canvas.waiting(channel), often).toBeGreaterThan(count);
}
