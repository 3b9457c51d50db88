// Another technology for a broker: which one, and what that keeps, maps and loses, before anybody confirms.

import { useMemo, useState } from "react";
import { isTechnologyId, type TechnologyId, technologyIds } from "../../brokers/index.ts";
// Makes the manuals known, which the swap asks.
import "../../brokers/manuals.ts";
import { technologies } from "../../brokers/technologies.ts";
import { nameOf, nodeOf } from "../../model/elements.ts";
import { swapped } from "../../model/swap.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { Button } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import { Dialog } from "../controls/Dialog.tsx";
import styles from "./dialogs.module.css";

interface SwapDialogProps {
  /** Id of the broker. */
  readonly of: string;
  readonly onClose: () => void;
}

/** The dialog. */
export function SwapDialog({ of, onClose }: SwapDialogProps) {
  const scenario = useDocumentStore((state) => state.scenario);
  const node = nodeOf(scenario, of);
  const now = node?.kind === "broker" ? node.technology : undefined;
  const others = technologyIds.filter((id) => id !== now);
  const [to, setTo] = useState<TechnologyId | undefined>(others[0]);
  const swap = useMemo(
    () => (now === undefined || to === undefined ? undefined : swapped(scenario, of, to)),
    [scenario, of, now, to],
  );
  if (now === undefined || to === undefined || swap === undefined) return null;
  const handleAccept = (): void => {
    const title = `Change ${nameOf(scenario, of)} to ${technologies[to].label}`;
    useDocumentStore.getState().commit(swap.scenario, title);
    const session = useSessionStore.getState();
    session.set({ selection: [of], dialog: null, announcement: `${title}: done.` });
  };
  return (
    <Dialog
      title={`Another technology for ${nameOf(scenario, of)}`}
      onClose={onClose}
      onAccept={handleAccept}
      foot={
        <>
          <Button tone="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button tone="main" type="submit">
            Change to {technologies[to].label}
          </Button>
        </>
      }
    >
      <div className={styles["row"]}>
        <label className={styles["rowLabel"]} htmlFor="swap-technology">
          {technologies[now].label} becomes
        </label>
        <select
          id="swap-technology"
          data-first-focus
          className={controls["input"]}
          value={to}
          onChange={(event) => {
            if (isTechnologyId(event.target.value)) setTo(event.target.value);
          }}
        >
          {others.map((id) => (
            <option key={id} value={id}>
              {technologies[id].label}
            </option>
          ))}
        </select>
      </div>
      <Lines title="Kept as it is" lines={swap.kept} />
      <Lines title="Becomes something else" lines={swap.mapped} />
      <Lines title="Lost" lines={swap.lost} />
    </Dialog>
  );
}

function Lines({ title, lines }: { readonly title: string; readonly lines: readonly string[] }) {
  return (
    <section className={styles["swapPart"]} aria-label={title}>
      <h3>{`${title} (${lines.length})`}</h3>
      {lines.length === 0 ? (
        <p>Nothing.</p>
      ) : (
        <ul>
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </section>
  );
}
