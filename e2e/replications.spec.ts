// Many seeds from the report panel: theory stands beside the run, replications are computed beside the page, can be
// stopped, and come out with intervals.

import { expect, test } from "./fixtures.ts";

test("replications are computed beside the page and stand in the report with intervals", async ({
  app,
  page,
}) => {
  await app.open();
  await app.transport.finish();
  const report = await app.showTab("Report");
  await expect(report.getByRole("table", { name: "Theory | simulated" })).toContainText("M/M/");
  const section = report.getByRole("region", { name: "Replications" });
  const start = section.getByRole("button", { name: "Replicate" });
  await section.getByLabel("Runs").fill("1");
  await expect(start).toBeDisabled();
  await section.getByLabel("Runs").fill("4");
  await start.click();
  await expect(section.getByRole("status")).toContainText("4 replications, as asked for.", {
    timeout: 30_000,
  });
  const flows = section.getByRole("table", { name: "Flows" });
  await expect(flows.getByRole("row").nth(1)).toContainText("±");

  // A long series can be stopped, and the page answers meanwhile.
  await section.getByLabel("Runs").fill("5000");
  await start.click();
  await expect(section.getByRole("progressbar")).toBeVisible();
  const tookMs = await page.evaluate(async () => {
    const begin = performance.now();
    for (let frame = 0; frame < 5; frame++)
      await new Promise((next) => requestAnimationFrame(next));
    return performance.now() - begin;
  });
  expect(tookMs).toBeLessThan(1500);
  await section.getByRole("button", { name: "Stop" }).click();
  await expect(start).toBeEnabled();
});
