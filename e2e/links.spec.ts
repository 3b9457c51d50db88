// A link restores the very moment; one that is damaged, foreign or hostile is refused with a sentence and changes nothing.

import { deflateSync } from "fflate";
import type { Scenario } from "../src/model/scenario.ts";
import { foodDelivery } from "../src/scenarios/foodDelivery.ts";
import { encodeBase64url } from "../src/share/base64url.ts";
import { decodeLink, encodeLink } from "../src/share/codec.ts";
import { expect, test } from "./fixtures.ts";
import { App } from "./pages/app.ts";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

test("a copied link restores scenario, seed and timeline for somebody else", async ({
  app,
  context,
}) => {
  await app.open();
  await app.transport.setSeed(99);
  await app.transport.setSpeed("10×");
  await app.transport.run();
  await app.transport.reach(2);
  await app.canvas.service("Payment").click();
  await app.keyboard.press("k");
  await expect(app.canvas.service("Payment")).toContainText("crashed");
  await app.transport.pause();
  await app.dialogs.openShare();
  await app.dialogs.share.getByRole("button", { name: "Copy link" }).click();
  await expect(app.notice("Copied the link.")).toBeVisible();
  const link = await app.page.evaluate(async () => navigator.clipboard.readText());
  expect(link).toBe(await app.dialogs.link());

  const other = new App(await context.newPage());
  await other.page.goto(link);
  await other.expectTitle(foodDelivery.title);
  await expect(other.transport.bar.getByLabel("seed")).toHaveValue("99");
  await expect(other.inspector.entries()).toHaveCount(foodDelivery.timeline.length + 1);
  await expect(other.inspector.entries().first()).toContainText("Crash Payment");
  expect(JSON.parse(await other.savedText())).toEqual(decoded(link));
  // The address no longer holds the link: a reload must not bring the old document back.
  expect(new URL(other.page.url()).hash).toBe("");
});

const whole = encodeLink(foodDelivery);
const refused = [
  { name: "truncated", hash: whole.slice(0, 400), says: "damaged" },
  {
    name: "altered",
    hash: `${whole.slice(0, 300)}${"A".repeat(20)}${whole.slice(320)}`,
    says: "damaged",
  },
  { name: "foreign", hash: "#/login?next=%2Fhome", says: "holds no Spillway scenario" },
  { name: "newer", hash: whole.replace("#spillway1", "#spillway9"), says: "newer version" },
  {
    name: "a bomb",
    hash: `#spillway1-d1.${encodeBase64url(bomb())}`,
    says: "more than a scenario may hold",
  },
  {
    name: "endless",
    hash: `#spillway1-d1.${"A".repeat(500_000)}`,
    says: "more than a scenario may hold",
  },
];

test("damaged, foreign and hostile links are refused and leave the work untouched", async ({
  app,
}) => {
  await app.open();
  await app.inspector.renameScenario("My own work");
  for (const { name, hash, says } of refused) {
    await app.follow(hash);
    const notice = app.notice("nothing was changed").filter({ hasText: says });
    await expect(notice, name).toBeVisible();
    await app.expectTitle("My own work");
    await expect(app.canvas.cards).toHaveCount(foodDelivery.nodes.length);
    await app.dismissNotices();
  }
  await expect(app.undoButton).toBeEnabled();
});

test("somebody who comes by a damaged link finds the last work", async ({ app }) => {
  await app.open();
  await app.inspector.renameScenario("My own work");
  await app.expectSaved();
  await app.page.goto("about:blank");
  await app.open(whole.slice(0, 400));
  await expect(app.notice("nothing was changed")).toContainText("damaged");
  await app.expectTitle("My own work");
});

test("what a link holds is text, never markup or code", async ({ app }) => {
  const attack = "<img src=x onerror=alert(1)><script>alert(2)</script>";
  const hostile: Scenario = {
    ...foodDelivery,
    title: attack,
    description: attack,
    nodes: foodDelivery.nodes.map((node) => ({ ...node, name: attack })),
    contracts: foodDelivery.contracts.map((contract) => ({
      ...contract,
      name: attack + contract.id,
    })),
  };
  await app.open(encodeLink(hostile));
  await app.expectTitle(attack);
  await app.showTab("Contracts");
  await app.transport.finish();
  await app.showTab("Report");
  await expect(app.page.locator("img[src=x], [onerror]")).toHaveCount(0);
});

/** Fifty million zeros in fifty thousand bytes. */
function bomb(): Uint8Array {
  const packed = deflateSync(new Uint8Array(50_000_000), { level: 9 });
  const payload = new Uint8Array(packed.length + 4);
  payload.set(packed);
  return payload;
}

function decoded(link: string): Scenario {
  const result = decodeLink(new URL(link).hash);
  if (!result.ok) throw new Error(result.failure.map(({ message }) => message).join(" "));
  return result.value;
}
