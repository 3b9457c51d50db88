// Two brokers and a bridge between them, drawn by hand, run, crashed and restarted; and a broker that changes its
// technology in place, with what that keeps, maps and loses told before.

import { expect, test } from "./fixtures.ts";

test("a bridge from Kafka to RabbitMQ is drawn, runs, crashes and comes back", async ({ app }) => {
  const { canvas, dialogs, inspector } = app;
  await app.newOpen();
  await app.add("producer");
  await app.addBroker("Apache Kafka");
  await app.addBroker("RabbitMQ");
  await expect(canvas.cards).toHaveCount(3);
  await canvas.connect(canvas.producer("Producer"), canvas.broker("Apache Kafka"));
  await dialogs.publish("OrderPlaced");
  const topic = canvas.channel("Topic", "order-placed");
  await expect(topic).toBeVisible();

  // Dropped on the broker, the bridge asks into which exchange, and makes one of the same name.
  await canvas.connect(topic, canvas.broker("RabbitMQ"));
  await app.page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(canvas.channel("Exchange", "order-placed")).toBeVisible();
  await expect(canvas.lines).toHaveCount(2);
  await expect(app.page.locator("[data-bridge-id]")).toBeVisible();
  await app.undoButton.click();
  await expect(canvas.lines).toHaveCount(1);
  await app.redoButton.click();
  await expect(canvas.lines).toHaveCount(2);

  const line = canvas.lines.filter({ has: app.page.locator("[data-bridge-id]") });
  await line.focus();
  await line.press("Enter");
  await expect(inspector.panel.getByText("At the source: Apache Kafka")).toBeVisible();
  await inspector.panel.getByLabel("Known as").selectOption("Kafka Connect sink");
  await expect(inspector.panel.getByText(/errors\.tolerance none/)).toBeVisible();

  await app.page.keyboard.press("Space");
  await inspector.panel.getByRole("button", { name: "Crash" }).click();
  await expect(app.page.locator('[data-bridge-id][data-state="down"]')).toBeVisible();
  await inspector.panel.getByRole("button", { name: "Restart" }).click();
  await expect(app.page.locator('[data-bridge-id][data-state="up"]')).toBeVisible();
});

test("a broker changes its technology in one step that can be undone", async ({ app }) => {
  const { canvas, dialogs, inspector } = app;
  await app.newOpen();
  await app.add("producer");
  await app.addBroker("Apache Kafka");
  await app.add("service");
  await canvas.connect(canvas.producer("Producer"), canvas.broker("Apache Kafka"));
  await dialogs.publish("OrderPlaced");
  const topic = canvas.channel("Topic", "order-placed");
  await canvas.connect(topic, canvas.service("Service"));
  await expect(canvas.lines).toHaveCount(2);

  await canvas.broker("Apache Kafka").click({ position: { x: 80, y: 12 } });
  await inspector.panel.getByRole("button", { name: "Change technology …" }).click();
  const dialog = app.page.getByRole("dialog");
  await dialog.getByLabel("Apache Kafka becomes").selectOption("RabbitMQ");
  await expect(dialog.getByRole("region", { name: "Kept as it is" })).toBeVisible();
  await expect(dialog.getByRole("region", { name: "Becomes something else" })).toContainText(
    "is new, bound to it for Service",
  );
  await dialog.getByRole("button", { name: "Change to RabbitMQ" }).click();
  await expect(canvas.channel("Exchange", "order-placed")).toBeVisible();
  await expect(canvas.channel("Queue", "service-order-placed")).toBeVisible();
  await app.undoButton.click();
  await expect(topic).toBeVisible();
  await expect(canvas.lines).toHaveCount(2);
});
