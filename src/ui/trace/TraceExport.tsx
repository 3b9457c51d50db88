// Takes a life along as a file: JSON lines, or OpenTelemetry for a viewer of traces.

import type { Scenario } from "../../model/scenario.ts";
import { saveFile } from "../../store/files.ts";
import { Button } from "../controls/Button.tsx";
import type { Life } from "./useTrace.ts";

/** The two buttons. */
export function TraceExport({
  life,
  scenario,
}: {
  readonly life: Life;
  readonly scenario: Scenario;
}) {
  const { trace, records } = life;
  if (trace === undefined) return null;
  const save = async (format: "jsonl" | "otlp"): Promise<void> => {
    const { traceLines, otlpOf } = await import("../../exports/traces/traces.ts");
    const text =
      format === "jsonl" ? traceLines(records) : JSON.stringify(otlpOf([trace], scenario), null, 1);
    const name = `trace-${trace.root}.${format === "jsonl" ? "jsonl" : "otlp.json"}`;
    saveFile(name, text);
  };
  return (
    <>
      <Button
        icon="download"
        onClick={() => void save("otlp")}
        data-tip="Opens in Jaeger, Tempo and others"
      >
        OpenTelemetry
      </Button>
      <Button icon="download" onClick={() => void save("jsonl")}>
        JSON lines
      </Button>
    </>
  );
}
