// The documents of this browser: open one, or delete it.

import { useEffect, useState } from "react";
import { deleteStored, openStored } from "../../store/commands/documents.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { browserStorage, listDocuments, type StoredDocument } from "../../store/persistence.ts";
import { runCommand } from "../app/commands.ts";
import { Button, IconButton } from "../controls/Button.tsx";
import { Dialog } from "../controls/Dialog.tsx";
import styles from "./dialogs.module.css";

/** The list of documents. */
export function DocumentsDialog({ onClose }: { readonly onClose: () => void }) {
  const openKey = useDocumentStore((state) => state.key);
  const [documents, setDocuments] = useState<readonly StoredDocument[] | null>(null);
  useEffect(() => {
    let isCurrent = true;
    const load = async (): Promise<void> => {
      const list = await listDocuments(browserStorage);
      if (isCurrent) setDocuments(list);
    };
    void load();
    return () => {
      isCurrent = false;
    };
  }, []);
  const handleDelete = async (key: string): Promise<void> => {
    setDocuments((list) => list?.filter((other) => other.key !== key) ?? null);
    await deleteStored(key);
  };
  const choose = (id: string): void => {
    onClose();
    runCommand(id);
  };
  return (
    <Dialog
      title="Documents in this browser"
      onClose={onClose}
      foot={
        <>
          <Button icon="folder" onClick={() => choose("document/import")}>
            Open a file …
          </Button>
          <Button tone="main" icon="plus" onClick={() => choose("document/new")}>
            New document
          </Button>
        </>
      }
    >
      {documents?.length === 0 ? (
        <p className={styles["none"]}>
          Nothing is stored here yet. An example is kept as soon as you change it.
        </p>
      ) : null}
      <ul className={styles["documents"]}>
        {documents?.map(({ key, title, savedAt }) => (
          <li key={key} className={styles["document"]}>
            <button
              type="button"
              className={styles["documentMain"]}
              onClick={() => {
                onClose();
                void openStored(key);
              }}
            >
              {title}
              <span className={styles["optionNote"]}>
                {key === openKey ? "open now · " : ""}
                {new Date(savedAt).toLocaleString()}
              </span>
            </button>
            <IconButton
              icon="trash"
              size={14}
              label={`Delete ${title}`}
              onClick={() => void handleDelete(key)}
            />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
