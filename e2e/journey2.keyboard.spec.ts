// From blank to contract with nothing but the keyboard: every press is one that a person could make.

import { decodeLink } from "../src/share/codec.ts";
import { expect, test } from "./fixtures.ts";
import type { App } from "./pages/app.ts";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

test("the whole journey by keyboard alone", async ({ app }) => {
  const { canvas, dialogs, keyboard } = app;
  await app.open();
  await keyboard.command("New document");
  await app.expectTitle("Untitled");

  // One key each; a broker asks for its technology, one key again.
  await keyboard.press("p", "b");
  await expect(app.page.getByRole("menuitem", { name: "Apache Kafka" })).toBeFocused();
  await keyboard.press("k", "s", "s");
  await expect(canvas.cards).toHaveCount(4);

  // C, a few letters, Enter: connected. The event is named in place.
  await keyboard.tabTo(canvas.producer("Producer"));
  await keyboard.press("c");
  await keyboard.choose("Connect Producer to", "Kafka");
  await expect(dialogs.event.getByLabel("Event")).toBeFocused();
  await keyboard.type("PaymentTaken");
  await keyboard.press("Enter");
  const topic = canvas.channel("Topic", "payment-taken");
  await expect(topic).toBeVisible();
  for (const service of ["Service", "Service 2"]) {
    // The focus may stand there already, while the last line is selected: going there anew selects the topic.
    await keyboard.press("Shift+Tab");
    await keyboard.tabTo(topic);
    await keyboard.press("c");
    await keyboard.choose("Connect payment-taken to", `${service} (service)`);
  }
  await expect(canvas.lines).toHaveCount(3);

  await writeSchema(app);
  await raiseRate(app);
  await keyboard.command("Run or pause");
  await expect.poll(async () => canvas.waiting(topic)).toBeGreaterThan(100);
  await expect(canvas.service("Service")).toContainText("busy 1 of 1");
  await keyboard.command("Run or pause");
  await takeAdvice(app);

  await keyboard.command("Export …");
  const preview = dialogs.exported;
  await expect(preview).toContainText("asyncapi: 3.1.0");
  await keyboard.tabTo(dialogs.export.getByLabel("Whole system"));
  await keyboard.press("ArrowRight");
  await expect(preview).toContainText("action: send");
  await keyboard.press("Escape");
  await expect(dialogs.export).toBeHidden();

  await keyboard.command("Share as a link …");
  await expect(dialogs.share.getByRole("button", { name: "Copy link" })).toBeFocused();
  await keyboard.press("Enter");
  await expect(app.notice("Copied the link.")).toBeVisible();
  const copied = await app.page.evaluate(async () => navigator.clipboard.readText());
  const shared = decodeLink(new URL(copied).hash);
  expect(shared.ok && shared.value.contracts[0]?.schema).toEqual(JSON.parse(schema));
  expect(shared.ok && shared.value.nodes.map(({ parameters }) => parameters?.["rate"])).toContain(
    300,
  );
});

const schema =
  '{"type": "object", "properties": {"amount": {"type": "number"}}, "required": ["amount"]}';

/** From the tab of the report to the first advice, taken with Enter. */
async function takeAdvice({ page, keyboard }: App): Promise<void> {
  const panelTabs = page.getByRole("tablist", { name: "Panel below" });
  await keyboard.tabTo(panelTabs.getByRole("tab", { selected: true }), "Shift+Tab");
  await keyboard.press("End");
  const advice = page
    .getByRole("tabpanel", { name: "Report" })
    .getByRole("list", { name: "Advice" });
  await expect(advice.getByRole("listitem")).toHaveCount(2);
  await keyboard.tabTo(advice.getByRole("button", { name: /^Set workers/ }).first());
  await keyboard.press("Enter");
  await expect(advice.getByRole("listitem")).toHaveCount(1);
}

/** Through the inspector of the line into the editor of the schema. */
async function writeSchema({ page, inspector, keyboard }: App): Promise<void> {
  await keyboard.tabTo(page.getByRole("group", { name: "publish PaymentTaken" }), "Shift+Tab");
  await keyboard.press("Enter");
  await keyboard.expectFocusIn(inspector.panel);
  await keyboard.tabTo(inspector.panel.getByRole("button", { name: "Edit its schema" }));
  await keyboard.press("Enter");
  const contracts = page.getByRole("tabpanel", { name: "Contracts" });
  await expect(contracts.locator("[data-editor=monaco]")).toBeVisible({ timeout: 20_000 });
  await keyboard.tabTo(contracts.locator("[data-editor=monaco]"), "Shift+Tab");
  await keyboard.press("Control+a", "Delete");
  await keyboard.type(schema);
  await expect(contracts).toContainText("The schema is valid.");
}

/** To the producer, into its inspector, to its rate. */
async function raiseRate({ canvas, inspector, keyboard }: App): Promise<void> {
  await keyboard.tabTo(canvas.producer("Producer"), "Shift+Tab");
  await keyboard.press("Enter");
  await keyboard.expectFocusIn(inspector.panel);
  await keyboard.tabTo(inspector.parameter("Rate"));
  await keyboard.type("300/s");
  await keyboard.press("Enter");
}
