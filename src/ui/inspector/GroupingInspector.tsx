// The inspector of a group or a note.

import { nameOf } from "../../model/elements.ts";
import { type Group, membersOf, type Note } from "../../model/grouping.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { toggleGroup, ungroupSelection, writeNote } from "../../store/grouping.ts";
import { deleteElements } from "../../store/editing.ts";
import { Button } from "../controls/Button.tsx";
import styles from "./inspector.module.css";
import { goTo, Title } from "./parts.tsx";
import { Section } from "./Section.tsx";

/** A group: its name, whether it is collapsed, what is in it. */
export function GroupInspector({ group }: { readonly group: Group }) {
  const scenario = useDocumentStore((state) => state.scenario);
  return (
    <>
      <Title id={group.id} icon="group" accent="group" kicker="Group" />
      <Section>
        <div className={styles["buttons"]}>
          <Button onClick={() => toggleGroup(group.id)}>
            {group.collapsed === true ? "Expand" : "Collapse"}
          </Button>
          <Button onClick={() => ungroupSelection()}>Ungroup</Button>
        </div>
      </Section>
      <Section title="In this group">
        <ul className={styles["list"]}>
          {membersOf(scenario, group).map((id) => (
            <li key={id} className={styles["item"]}>
              <button type="button" className={styles["itemMain"]} onClick={() => goTo(id)}>
                {nameOf(scenario, id)}
              </button>
            </li>
          ))}
        </ul>
      </Section>
    </>
  );
}

/** A note: its text. */
export function NoteInspector({ note }: { readonly note: Note }) {
  return (
    <>
      <div className={styles["title"]}>
        <strong>Note</strong>
      </div>
      <Section>
        <textarea
          key={`${note.id} ${note.text}`}
          className={styles["area"]}
          rows={6}
          aria-label="Text of the note"
          defaultValue={note.text}
          onBlur={(event) => writeNote(note.id, event.currentTarget.value)}
        />
        <div className={styles["buttons"]}>
          <Button tone="danger" icon="trash" onClick={() => deleteElements([note.id])}>
            Delete
          </Button>
        </div>
      </Section>
    </>
  );
}
