// One entry of the timeline, typed exactly: what, to whom, when, for how long, and what else it says.

import { useState } from "react";
import type { TimelineEntry } from "../../model/timeline.ts";
import type { Result } from "../../base/result.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { Button } from "../controls/Button.tsx";
import { Dialog } from "../controls/Dialog.tsx";
import { FieldForm } from "../inspector/FieldForm.tsx";
import { changeDraft, type Draft, entryOf, formFields } from "./entryForm.ts";
import styles from "./track.module.css";

interface EntryDialogProps {
  readonly first: Draft;
  /** Whether it stands on the timeline already. */
  readonly isNew: boolean;
  readonly onAccept: (entry: TimelineEntry) => void;
  readonly onDelete: () => void;
  readonly onClose: () => void;
}

/** The dialog. */
export function EntryDialog({ first, isNew, onAccept, onDelete, onClose }: EntryDialogProps) {
  const scenario = useDocumentStore((state) => state.scenario);
  const [draft, setDraft] = useState(first);
  const entry: Result<TimelineEntry, string> = entryOf(scenario, draft);
  return (
    <Dialog
      title={isNew ? "New on the timeline" : "On the timeline"}
      onClose={onClose}
      foot={
        <>
          {isNew ? null : (
            <Button tone="danger" icon="trash" className={styles["aside"]} onClick={onDelete}>
              Delete
            </Button>
          )}
          <Button tone="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button
            tone="main"
            disabled={!entry.ok}
            onClick={() => {
              if (entry.ok) onAccept(entry.value);
            }}
          >
            {isNew ? "Add" : "Change"}
          </Button>
        </>
      }
    >
      <FieldForm
        fields={formFields(scenario, draft)}
        stated={draft}
        hasResets={false}
        onChange={(name, value) => setDraft((now) => changeDraft(scenario, now, name, value))}
      />
      {entry.ok ? null : (
        <p className={styles["wrong"]} role="alert">
          {entry.failure}
        </p>
      )}
    </Dialog>
  );
}
