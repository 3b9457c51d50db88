// Forms made from descriptors, used the way a person uses them: by the names of the controls.

import { afterEach, describe, expect, test, vi } from "vitest";
import { distributions, meanOf, parseDistribution } from "../../base/distribution.ts";
import {
  choice,
  count,
  duration,
  durations,
  flag,
  rate,
  ratio,
  sizes,
  table,
  text,
} from "../../base/fields.ts";
import { technologies } from "../../brokers/technologies.ts";
import { nodeKinds } from "../../nodes/index.ts";
import { openPage, type TestPage } from "../testPage.suite.ts";
import { withShape } from "./DistributionInput.tsx";
import { FieldForm } from "./FieldForm.tsx";

const fields = {
  timeout: duration({ label: "Timeout", help: "How long.", min: 1, max: 60_000, default: 1000 }),
  limit: count({ label: "Limit", help: "How many.", none: "no limit", default: null }),
  share: ratio({ label: "Share", help: "Which part.", default: 0.5, live: true }),
  mode: choice({
    label: "Mode",
    help: "Which way.",
    options: [
      { value: "a", label: "A" },
      { value: "b", label: "B" },
    ],
    default: "a",
  }),
  extra: text({ label: "Extra", help: "More.", default: "", onlyIf: { field: "mode", is: ["b"] } }),
  isOn: flag({ label: "On", help: "Whether.", default: false }),
  work: durations({
    label: "Work",
    help: "How long it works.",
    default: { distribution: "exponential", mean: 20 },
  }),
};

let page: TestPage | undefined;
afterEach(async () => page?.close());

async function openForm(stated = {}, more = {}) {
  const onChange = vi.fn();
  page = await openPage(
    <FieldForm fields={fields} stated={stated} onChange={onChange} {...more} />,
  );
  return { page, onChange };
}

const valueOf = (element: HTMLElement): string =>
  element instanceof HTMLInputElement || element instanceof HTMLSelectElement ? element.value : "";

describe("a form", () => {
  test("shows every value with its unit, and none of what does not apply", async () => {
    const { page } = await openForm();
    expect(valueOf(page.control("Timeout"))).toBe("1 s");
    expect(valueOf(page.control("Limit"))).toBe("no limit");
    expect(valueOf(page.control("Share"))).toBe("50 %");
    expect(() => page.control("Extra")).toThrow();
    expect(page.root.textContent).toContain("How long. From 1 ms to 1 min. Default: 1 s.");
  });

  test("reads what is typed, with its unit, on Enter", async () => {
    const { page, onChange } = await openForm();
    await page.type("Timeout", "250ms");
    expect(onChange).not.toHaveBeenCalled();
    await page.type("Timeout", "250ms", "Enter");
    expect(onChange).toHaveBeenCalledWith("timeout", 250);
    await page.type("Share", "5%", "Enter");
    expect(onChange).toHaveBeenCalledWith("share", 0.05);
    await page.type("Limit", "none", "Enter");
    expect(onChange).toHaveBeenCalledTimes(2);
  });

  test("refuses what is out of range, with the range, and keeps the typing", async () => {
    const { page, onChange } = await openForm();
    await page.type("Timeout", "2 h", "Enter");
    expect(onChange).not.toHaveBeenCalled();
    expect(page.control("Timeout").getAttribute("aria-invalid")).toBe("true");
    expect(page.root.textContent).toContain(`"Timeout" must be a number from 1 ms to 1 min.`);
    await page.type("Timeout", "2 h", "Escape");
    expect(valueOf(page.control("Timeout"))).toBe("1 s");
  });

  test("steps with the arrow keys", async () => {
    const { page, onChange } = await openForm({ limit: 5 });
    await page.type("Limit", "5", "ArrowUp");
    expect(onChange).toHaveBeenCalledWith("limit", 6);
  });

  test("shows a field as soon as its condition is met", async () => {
    const { page } = await openForm({ mode: "b" });
    expect(valueOf(page.control("Extra"))).toBe("");
  });

  test("resets what differs from the default", async () => {
    const { page, onChange } = await openForm({ timeout: 5 });
    await page.click(page.control("Reset Timeout to 1 s"));
    expect(onChange).toHaveBeenCalledWith("timeout", 1000);
  });

  test("shows problems and hints at their fields", async () => {
    const complaints = { timeout: "Longer than the run." };
    const { page } = await openForm({}, { complaints, hints: { share: "Recorded at 2 s." } });
    expect(page.root.textContent).toContain("Longer than the run.");
    expect(page.root.textContent).toContain("Recorded at 2 s.");
  });

  test("changes the parameter of a distribution, and keeps the mean with another shape", async () => {
    const { page, onChange } = await openForm();
    await page.type("Mean", "40", "Enter");
    expect(onChange).toHaveBeenCalledWith("work", { distribution: "exponential", mean: 40 });
    const constant = withShape({ distribution: "uniform", min: 10, max: 30 }, "constant");
    expect(constant).toEqual({ distribution: "constant", value: 20 });
    for (const name of Object.keys(distributions)) {
      const other = withShape({ distribution: "uniform", min: 10, max: 30 }, name);
      expect(other?.distribution).toBe(name);
      expect(parseDistribution(other)).toEqual(other);
      expect(meanOf(other!)).toBeCloseTo(20, 9);
    }
  });

  test("edits the values of an empirical distribution as rows", async () => {
    const work = {
      distribution: "empirical",
      values: [
        { value: 10, weight: 3 },
        { value: 20, weight: 1 },
      ],
    };
    const { page, onChange } = await openForm({ work });
    expect(valueOf(page.control("Value"))).toBe("10 ms");
    await page.type("Weight, row 2", "2", "Enter");
    const values = [work.values[0], { value: 20, weight: 2 }];
    expect(onChange).toHaveBeenCalledWith("work", { distribution: "empirical", values });
  });
});

describe("values that are more than a number", () => {
  const list = {
    plan: table({
      label: "Plan",
      help: "Rates by time.",
      columns: {
        at: duration({ label: "From", help: "", default: 0 }),
        rate: rate({ label: "Rate", help: "", max: 100, default: 1 }),
      },
      rowsMin: 1,
      rowsMax: 3,
      rising: "at",
      default: [
        { at: 0, rate: 10 },
        { at: 5000, rate: 20 },
      ],
    }),
    payload: sizes({ label: "Payload", help: "Size.", min: 1, max: 1e6, default: 1000 }),
    recording: {
      kind: "recording",
      label: "Recording",
      help: "CSV.",
      maxLength: 30_000,
      default: "",
    },
  } as const;

  async function openList(stated = {}) {
    const onChange = vi.fn();
    page = await openPage(<FieldForm fields={list} stated={stated} onChange={onChange} />);
    return { page, onChange };
  }

  test("a table changes cell by cell, keeps its order, grows and shrinks", async () => {
    const { page, onChange } = await openList();
    await page.type("Rate", "15/s", "Enter");
    expect(onChange).toHaveBeenLastCalledWith("plan", [
      { at: 0, rate: 15 },
      { at: 5000, rate: 20 },
    ]);
    await page.type("From", "1min", "Enter");
    expect(onChange).toHaveBeenLastCalledWith("plan", [
      { at: 5000, rate: 20 },
      { at: 60_000, rate: 10 },
    ]);
    await page.click(page.control("Add a row"));
    expect(onChange).toHaveBeenLastCalledWith("plan", [
      ...list.plan.default,
      { at: 10_000, rate: 20 },
    ]);
    await page.click(page.control("Remove row 1"));
    expect(onChange).toHaveBeenLastCalledWith("plan", [{ at: 5000, rate: 20 }]);
  });

  test("a size is a plain number until it is drawn", async () => {
    const { page, onChange } = await openList();
    await page.type("Value", "2 kB", "Enter");
    expect(onChange).toHaveBeenLastCalledWith("payload", 2000);
    const drawn = await openList({ payload: { distribution: "exponential", mean: 2048 } });
    expect(valueOf(drawn.page.control("Mean"))).toBe("2 KiB");
    await drawn.page.type("Mean", "1 KiB", "Enter");
    expect(drawn.onChange).toHaveBeenLastCalledWith("payload", {
      distribution: "exponential",
      mean: 1024,
    });
  });

  test("a long recording is shown by its beginning, and not edited", async () => {
    const { page } = await openList({ recording: `time\n${"1\n".repeat(12_000)}` });
    const field = page.root.querySelector("textarea");
    expect(field?.readOnly).toBe(true);
    expect(field?.value.length).toBeLessThan(1100);
    expect(page.root.textContent).toContain("12,000 arrivals");
  });
});

describe("every descriptor there is", () => {
  const lists = [
    ...Object.entries(nodeKinds).map(([id, kind]) => [id, kind.fields] as const),
    ...Object.entries(technologies).flatMap(([id, technology]) => [
      [`${id} cluster`, technology.clusterFields] as const,
      [`${id} publish`, technology.publishFields] as const,
      [`${id} consume`, technology.consumeFields] as const,
      [`${id} bind`, technology.bindFields] as const,
      ...Object.entries(technology.channelKinds).map(
        ([kind, { fields }]) => [`${id} ${kind}`, fields] as const,
      ),
    ]),
  ];

  test.each(lists)("%s renders with a name for every control", async (_, list) => {
    page = await openPage(
      <FieldForm fields={list} stated={{}} onChange={() => undefined} hasSliders />,
    );
    for (const control of page.root.querySelectorAll("input, select")) {
      const isNamed =
        control.hasAttribute("aria-label") ||
        control.closest("label") !== null ||
        page.root.querySelector(`label[for="${control.id}"]`) !== null;
      expect(isNamed).toBe(true);
    }
  });
});

test("fields of a group fold under its heading; a pattern that is switched off is one line", async () => {
  const isOn = flag({
    label: "Breaker",
    help: "Whether.",
    default: false,
    group: "Circuit breaker",
  });
  const grown = {
    plain: count({ label: "Plain", help: "How many.", default: 1 }),
    isOn,
    window: count({
      label: "Window",
      help: "How many.",
      default: 10,
      group: "Circuit breaker",
      onlyIf: { field: "isOn", is: [true] },
    }),
  };
  page = await openPage(<FieldForm fields={grown} stated={{}} onChange={vi.fn()} />);
  expect(page.root.querySelector("details")).toBeNull();
  expect(page.control("Breaker")).toBeDefined();
  await page.show(<FieldForm key="on" fields={grown} stated={{ isOn: true }} onChange={vi.fn()} />);
  const group = page.root.querySelector("details");
  expect(group?.open).toBe(true);
  expect(group?.querySelector("summary")?.textContent).toBe("Circuit breaker 1 set");
  expect(group?.contains(page.control("Window"))).toBe(true);
  expect(group?.contains(page.control("Plain"))).toBe(false);
});
