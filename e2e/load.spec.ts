// Load: a recording is chosen as a file, refused with its line, repaired and replayed; a schedule is typed row by row.

import { expect, test } from "./fixtures.ts";

test("a recording is chosen, repaired where it is wrong, and replayed", async ({ app, page }) => {
  const { canvas, inspector, transport } = app;
  await app.open();
  const customers = canvas.producer("Customers");
  await customers.click();
  await inspector.parameter("Arrivals").selectOption("replay");
  await expect(inspector.panel).toContainText("Customers replays nothing yet.");

  const choosing = page.waitForEvent("filechooser");
  await inspector.panel.getByRole("button", { name: "Choose a file" }).click();
  const csv = "time,key\n0.5,ann\nsoon,bob\n2,ann\n";
  await (
    await choosing
  ).setFiles({ name: "arrivals.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await expect(inspector.panel).toContainText('Line 3, column time: "soon" is no time.');

  const text = inspector.panel.getByRole("textbox", { name: "Recording", exact: true });
  await expect(text).toHaveValue(csv);
  await text.fill(csv.replace("soon", "1"));
  await text.blur();
  await expect(inspector.panel).not.toContainText("Line 3");
  await expect(customers).toContainText("recorded: 3 arrivals");

  await transport.finish();
  await expect.poll(async () => canvas.count(customers, "sent")).toBe(3);
});

test("a schedule is typed row by row, and sorts itself", async ({ app }) => {
  const { canvas, inspector } = app;
  await app.open();
  await canvas.producer("Customers").click();
  await inspector.parameter("Over time").selectOption("schedule");
  await expect(inspector.parameter("Rate")).toHaveCount(1);
  const group = inspector.panel.getByRole("group", { name: "Schedule" });
  await group.getByRole("button", { name: "Add a row" }).click();
  await expect(group.getByRole("textbox")).toHaveCount(8);
  const last = group.getByRole("textbox").nth(6);
  await last.fill("10s");
  await last.press("Enter");
  await expect(group.getByRole("textbox").nth(2)).toHaveValue("10 s");
  await group.getByRole("button", { name: "Remove row 1" }).click();
  await expect(group.getByRole("textbox").first()).toHaveValue("10 s");
  await expect(canvas.producer("Customers")).toContainText("scheduled");
});
