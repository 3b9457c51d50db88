// Documents: they survive a reload, there are several, every change can be undone and redone, files go out and in.

import { parseScenarioText } from "../src/model/parse.ts";
import { foodDelivery } from "../src/scenarios/foodDelivery.ts";
import { expect, test } from "./fixtures.ts";

test("a reload keeps the drawing and where things stand", async ({ app }) => {
  const { canvas, inspector } = app;
  await app.open();
  await app.newDocument();
  await inspector.renameScenario("Checkout");
  await app.add("producer");
  await app.addBroker("RabbitMQ");
  await canvas.drag(canvas.producer("Producer"), { x: -40, y: 120 });
  await app.expectSaved();
  const before = await app.savedText();
  await app.reload();
  await app.expectTitle("Checkout");
  await expect(canvas.cards).toHaveCount(2);
  expect(await app.savedText()).toBe(before);
});

test("several documents stand side by side", async ({ app }) => {
  const { dialogs, inspector } = app;
  await app.open();
  await app.newDocument();
  await inspector.renameScenario("First");
  await app.add("service");
  await app.expectSaved();
  await app.newDocument();
  await inspector.renameScenario("Second");
  await app.add("store");
  await app.expectSaved();

  await app.chooseFromMenu("Open …");
  await dialogs.documents.getByRole("button", { name: /^First/ }).click();
  await app.expectTitle("First");
  await expect(app.canvas.service("Service")).toBeVisible();
  await app.chooseFromMenu("Open …");
  await dialogs.documents.getByRole("button", { name: "Delete Second" }).click();
  await expect(dialogs.documents.getByRole("button", { name: /^Second/ })).toHaveCount(0);
  await dialogs.close();
  await app.reload();
  await app.expectTitle("First");
});

test("undo takes everything back, redo brings everything again", async ({ app }) => {
  const { canvas, dialogs, inspector, keyboard } = app;
  await app.open();
  await app.newDocument();
  const blank = await app.savedText();
  await app.add("producer");
  await app.addBroker("Apache Kafka");
  await app.add("service");
  await canvas.connect(canvas.producer("Producer"), canvas.broker("Apache Kafka"));
  await dialogs.publish("OrderPlaced");
  await canvas.connect(canvas.channel("Topic", "order-placed"), canvas.service("Service"));
  await expect(canvas.lines).toHaveCount(2);
  await canvas.drag(canvas.service("Service"), { x: 40, y: 80 });
  await inspector.set("Workers", "3");
  await inspector.rename("Billing");
  await canvas.producer("Producer").click();
  await keyboard.press("Delete");
  await expect(canvas.cards).toHaveCount(2);
  const full = await app.savedText();

  let steps = 0;
  while (await app.undoButton.isEnabled()) {
    await app.undoButton.click();
    steps++;
  }
  expect(steps).toBe(9);
  expect(await app.savedText()).toBe(blank);
  await expect(canvas.cards).toHaveCount(0);

  // By key, as hands do it; the canvas has the focus.
  while (await app.redoButton.isEnabled()) await keyboard.press("Control+Shift+z");
  expect(await app.savedText()).toBe(full);
  await expect(canvas.service("Billing")).toBeVisible();
});

test("what a run has recorded can be undone as well", async ({ app }) => {
  await app.open();
  await app.transport.run();
  await app.transport.reach(0.5);
  await app.canvas.service("Payment").click();
  await app.keyboard.press("k");
  await expect(app.canvas.service("Payment")).toContainText("crashed");
  await app.transport.pause();
  await app.keyboard.press("Escape");
  await expect(app.inspector.entries()).toHaveCount(foodDelivery.timeline.length + 1);
  await app.keyboard.press("Control+z");
  await expect(app.inspector.entries()).toHaveCount(foodDelivery.timeline.length);
});

test("a file goes out and comes in again; a damaged one is refused", async ({ app }) => {
  await app.open();
  const text = await app.savedText();
  const saved = parseScenarioText(text);
  expect(saved.ok && saved.value).toEqual(foodDelivery);

  await app.newDocument();
  const open = async (name: string, content: string): Promise<void> => {
    const choosing = app.page.waitForEvent("filechooser");
    await app.chooseFromMenu("Open a file …");
    const chooser = await choosing;
    await chooser.setFiles({ name, mimeType: "application/json", buffer: Buffer.from(content) });
  };
  await open("half.spillway.json", text.slice(0, 500));
  await expect(app.notice("half.spillway.json cannot be opened")).toBeVisible();
  await app.expectTitle("Untitled");
  await open("whole.spillway.json", text);
  await app.expectTitle(foodDelivery.title);
  expect(await app.savedText()).toBe(text);
});

test("the export shows and saves the system and one document per application", async ({ app }) => {
  const { dialogs } = app;
  await app.open();
  await dialogs.openExport();
  const preview = dialogs.exported;
  await expect(preview).toContainText("asyncapi: 3.1.0");
  await expect(preview).toContainText("OrderPlaced");

  await dialogs.export.getByLabel("One per application").check();
  await dialogs.exportedFile.selectOption("payment.asyncapi.yaml");
  await expect(preview).toContainText("action: receive");
  await expect(preview).toContainText("action: send");
  await dialogs.exportedFile.selectOption("notification.asyncapi.yaml");
  await expect(preview).not.toContainText("action: send");
  const downloading = app.page.waitForEvent("download");
  await dialogs.export.getByRole("button", { name: /^Download all \d+ as zip/ }).click();
  expect((await downloading).suggestedFilename()).toBe("food-delivery.asyncapi.zip");
  await dialogs.export.getByLabel("JSON").check();
  await expect(preview).toContainText('"asyncapi": "3.1.0"');
});
