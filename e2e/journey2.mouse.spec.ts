// From blank to contract by mouse: draw, connect, name the event, write its schema, run, see the bottleneck, export, share.

import { decodeLink } from "../src/share/codec.ts";
import { expect, test } from "./fixtures.ts";
import type { App } from "./pages/app.ts";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

const schema = '{"type":"object","properties":{"total":{"type":"number"}},"required":["total"]}';

test("Kafka: from a blank drawing to a contract and a link", async ({ app }) => {
  const { canvas, dialogs, inspector, transport } = app;
  await app.open();
  await app.newDocument();
  await app.add("producer");
  await app.addBroker("Apache Kafka");
  await app.add("service");
  await app.add("service");
  await expect(canvas.cards).toHaveCount(4);

  // A line into the broker asks which event it is; the topic gets its name from it.
  await canvas.connect(canvas.producer("Producer"), canvas.broker("Apache Kafka"));
  await dialogs.publish("OrderPlaced");
  const topic = canvas.channel("Topic", "order-placed");
  await expect(topic).toBeVisible();
  await canvas.connect(topic, canvas.service("Service"));
  await expect(canvas.lines).toHaveCount(2);
  await canvas.connect(topic, canvas.service("Service 2"));
  await expect(canvas.lines).toHaveCount(3);

  await writeSchema(app);
  await expectBottleneck(app);
  expect(await canvas.waiting(topic)).toBeGreaterThan(100);
  await transport.pause();
  await takeAdvice(app);
  expect(await canvas.waiting(topic)).toBeLessThan(100);

  await dialogs.openExport();
  await expect(dialogs.exported).toContainText("asyncapi: 3.1.0");
  expect(await dialogs.exported.innerText()).toContain("total");
  await dialogs.close();

  await dialogs.openShare();
  await dialogs.share.getByRole("button", { name: "Copy link" }).click();
  await expect(app.notice("Copied the link.")).toBeVisible();
  const copied = await app.page.evaluate(async () => navigator.clipboard.readText());
  const shared = decodeLink(new URL(copied).hash);
  expect(shared.ok && shared.value.contracts[0]?.schema).toEqual(JSON.parse(schema));
  expect(shared.ok && shared.value.connections).toHaveLength(3);
  await dialogs.close();
  await expect(inspector.panel).toBeVisible();
});

test("RabbitMQ: the dialog makes exchange, queue and binding", async ({ app }) => {
  const { canvas, dialogs, inspector } = app;
  await app.open();
  await app.newDocument();
  await app.add("producer");
  await app.addBroker("RabbitMQ");
  await app.add("service");
  await canvas.connect(canvas.producer("Producer"), canvas.broker("RabbitMQ"));
  await dialogs.publish("OrderPlaced", "orders");
  const exchange = canvas.channel("Exchange", "orders");
  await expect(exchange).toBeVisible();

  // Nobody consumes from an exchange: the line asks for the queue in between, and for its binding.
  await canvas.connect(exchange, canvas.service("Service"));
  await expect(dialogs.subscription.getByLabel("Bound to")).toHaveValue("orders");
  await dialogs.subscription.getByLabel("Name of the new queue").fill("billing");
  await dialogs.subscription.getByLabel("Binding key", { exact: true }).fill("order.*");
  await dialogs.subscription.getByRole("button", { name: "Connect" }).click();
  const queue = canvas.channel("Queue", "billing");
  await expect(queue).toBeVisible();
  await expect(canvas.lines).toHaveCount(3);
  await exchange.click();
  await expect(inspector.panel.getByRole("region", { name: "Connections" })).toContainText(
    "feeds billing",
  );

  // Without a limit the whole backlog would go to the consumer.
  await canvas.service("Service").click();
  await inspector.panel.getByRole("button", { name: "consumes billing" }).click();
  await inspector.set("prefetch_count", "20");
  await expectBottleneck(app);
  await expect.poll(async () => canvas.waiting(queue)).toBeGreaterThan(100);
  await app.transport.pause();
  await dialogs.openExport();
  await expect(dialogs.exported).toContainText("asyncapi: 3.1.0");
  await dialogs.export.getByLabel("One per application").check();
  await expect(dialogs.exportedFile).toHaveValue("producer.asyncapi.yaml");
  await expect(dialogs.exported).toContainText("action: send");
});

/** The report says which services are too small; a click makes them large enough, and the next run shows it. */
async function takeAdvice(app: App): Promise<void> {
  const { transport } = app;
  const advice = (await app.showTab("Report")).getByRole("list", { name: "Advice" });
  await expect(advice.getByRole("listitem")).toHaveCount(2);
  await expect(advice).toContainText("Service is the bottleneck");
  await advice
    .getByRole("button", { name: /^Set workers/ })
    .first()
    .click();
  await advice
    .getByRole("button", { name: /^Set workers/ })
    .first()
    .click();
  await expect(advice).toBeHidden();
  await transport.restart();
  await transport.run();
  await transport.reach(10);
  await transport.pause();
}

/** From the line that carries the event to its schema, written in the editor. */
async function writeSchema({ page, canvas, inspector }: App): Promise<void> {
  await canvas.producer("Producer").click();
  await inspector.panel.getByRole("button", { name: /^publishes OrderPlaced/ }).click();
  await inspector.panel.getByRole("button", { name: "Edit its schema" }).click();
  const contracts = page.getByRole("tabpanel", { name: "Contracts" });
  await expect(contracts.locator("[data-editor=monaco]")).toBeVisible({ timeout: 20_000 });
  await contracts.locator(".view-lines").click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(schema.replace("number", "numbr"));
  await expect(contracts.getByRole("button", { name: /^Line 1: / })).toBeVisible();
  await expect(contracts.locator(".squiggly-error").first()).toBeVisible();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await page.keyboard.insertText(schema);
  await expect(contracts).toContainText("The schema is valid.");
}

/** More comes in than the services can handle: what waits grows. */
async function expectBottleneck(app: App): Promise<void> {
  const { canvas, inspector, transport } = app;
  await canvas.producer("Producer").click();
  await inspector.set("Rate", "200/s");
  await transport.setSpeed("5×");
  await transport.run();
  await transport.reach(3);
  await expect(canvas.service("Service")).toContainText("busy 1 of 1");
}
