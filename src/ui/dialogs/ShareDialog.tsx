// The link that restores this scenario, its seed and its timeline. Everything is in the link; no server sees it.

import { useMemo, useRef } from "react";
import { formatNumber } from "../../base/units.ts";
import type { Scenario } from "../../model/scenario.ts";
import { encodeLink, linkLengthLong, linkLengthMax, linkLengthTooLong } from "../../share/codec.ts";
import { fileType, toFile } from "../../share/file.ts";
import { writeClipboard } from "../../store/clipboard.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { saveFile } from "../../store/files.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { Button } from "../controls/Button.tsx";
import { Dialog } from "../controls/Dialog.tsx";
import styles from "./transfer.module.css";

interface ShareDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** The dialog for link and file. */
export function ShareDialog({ open, onClose }: ShareDialogProps) {
  return open ? <OpenShareDialog onClose={onClose} /> : null;
}

function OpenShareDialog({ onClose }: { readonly onClose: () => void }) {
  const scenario = useDocumentStore((state) => state.scenario);
  const notify = useSessionStore((state) => state.notify);
  const field = useRef<HTMLTextAreaElement>(null);
  const link = useMemo(() => linkTo(scenario), [scenario]);
  const isTooLong = link.length > linkLengthTooLong;
  const copy = async () => {
    const where = await writeClipboard(link, navigator.clipboard);
    if (where === "system") {
      notify("good", "Copied the link.");
      return;
    }
    field.current?.select();
    notify("failure", "The browser does not let Spillway copy. The link is selected: copy it.");
  };
  const download = () => {
    const { name, text } = toFile(scenario);
    saveFile(name, text, fileType);
  };
  return (
    <Dialog
      title="Share"
      onClose={onClose}
      onAccept={() => void copy()}
      foot={
        <>
          <Button tone={isTooLong ? "main" : "plain"} icon="download" onClick={download}>
            Download as file
          </Button>
          <Button
            type="submit"
            disabled={link.length > linkLengthMax}
            tone={isTooLong ? "plain" : "main"}
            icon="copy"
            data-first-focus={isTooLong ? undefined : ""}
          >
            Copy link
          </Button>
        </>
      }
    >
      <p>
        Whoever opens the link gets this scenario with its seed and timeline, and sees the same run.
        Everything is in the link itself.
      </p>
      <textarea
        ref={field}
        className={styles["link"]}
        readOnly
        rows={4}
        aria-label="Link to this scenario"
        aria-describedby="link-length"
        value={link}
        onFocus={(event) => event.target.select()}
      />
      <p
        id="link-length"
        className={styles["note"]}
        role={adviceOn(link) === "" ? undefined : "note"}
      >
        {formatNumber(link.length)} characters. {adviceOn(link)}
      </p>
    </Dialog>
  );
}

function linkTo(scenario: Scenario): string {
  return window.location.href.replace(/#.*$/su, "") + encodeLink(scenario);
}

function adviceOn({ length }: { readonly length: number }): string {
  if (length > linkLengthMax) return "No browser opens a link of this length. Send the file.";
  if (length > linkLengthTooLong)
    return "Most programs cut links of this length. Send the file instead: whoever drops it onto Spillway gets the same.";
  if (length > linkLengthLong)
    return "Some mail and chat programs cut links of this length. The file always arrives whole.";
  return "";
}
