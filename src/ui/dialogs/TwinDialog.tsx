// The drawing beside its synchronous twin: both are run when the dialog opens, and compared in numbers.

// Makes the manuals known, which the twin asks.
import "../../brokers/manuals.ts";
import { useEffect } from "react";
import { type TwinRow, twinRows } from "../../model/twin/twinTable.ts";
import { openAsNew } from "../../store/commands/documents.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { useTwinStore } from "../../store/twinStore.ts";
import { Button } from "../controls/Button.tsx";
import { Dialog } from "../controls/Dialog.tsx";
import styles from "./twin.module.css";

/** The dialog. */
export function TwinDialog({ onClose }: { readonly onClose: () => void }) {
  const { status, twin, comparison, failure } = useTwinStore();
  useEffect(() => {
    void useTwinStore.getState().compare(useDocumentStore.getState().scenario);
    return () => useTwinStore.getState().cancel();
  }, []);
  return (
    <Dialog
      title="The synchronous twin"
      size="wide"
      onClose={onClose}
      foot={
        <>
          <Button
            disabled={twin === undefined}
            onClick={() => {
              if (twin === undefined) return;
              onClose();
              openAsNew(twin.scenario);
            }}
          >
            Open the twin as a document
          </Button>
          <Button tone="main" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      <div className={styles["twin"]} aria-busy={status === "running"}>
        <p>
          The same arrivals, work, faults and random numbers, but whoever published an event now
          calls its consumers and waits for their answers.
        </p>
        {status === "running" ? <progress aria-label="Both are running" /> : null}
        {failure === undefined ? null : <p role="alert">{failure}</p>}
        {comparison === undefined ? null : (
          <>
            <p className={styles["sentence"]} role="status">
              {comparison.sentence}
            </p>
            <Figures rows={twinRows(comparison)} />
            <Sentences title="What could not be turned" lines={comparison.left} />
            <Sentences title="What else is different" lines={comparison.changes} />
          </>
        )}
      </div>
    </Dialog>
  );
}

function Figures({ rows }: { readonly rows: readonly TwinRow[] }) {
  return (
    <table className={styles["figures"]}>
      <thead>
        <tr>
          <th scope="col">Figure</th>
          <th scope="col">Event-driven</th>
          <th scope="col">Synchronous</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ id, label, help, eventDriven, synchronous, better }) => (
          <tr key={id}>
            <th scope="row" data-tip={help} aria-description={help}>
              {label}
            </th>
            <td data-better={better === "eventDriven"}>{eventDriven}</td>
            <td data-better={better === "synchronous"}>{synchronous}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Sentences({
  title,
  lines,
}: {
  readonly title: string;
  readonly lines: readonly string[];
}) {
  if (lines.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  );
}
