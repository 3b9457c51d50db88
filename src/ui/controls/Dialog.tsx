// A modal dialog on the browser's own <dialog>: it traps the focus, closes on Escape and gives the focus back.

import { type ReactNode, useEffect, useId, useRef } from "react";
import { IconButton } from "./Button.tsx";
import styles from "./controls.module.css";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons at the bottom. */
  readonly foot?: ReactNode;
  readonly size?: "normal" | "wide" | "large";
  readonly place?: "centre" | "top";
  /** Called on Enter and by the main button; makes the dialog a form. */
  readonly onAccept?: () => void;
}

/** A modal dialog, open as long as it is rendered. */
export function Dialog(props: DialogProps) {
  const { title, onClose, children, foot, size = "normal", place = "centre", onAccept } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const element = dialog.current;
    if (element === null) return undefined;
    const before = document.activeElement;
    if (!element.open) element.showModal();
    element.querySelector<HTMLElement>("[data-first-focus]")?.focus();
    return () => {
      element.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const body = (
    <>
      <div className={styles["dialogHead"]}>
        <h2 id={titleId}>{title}</h2>
        <IconButton icon="x" label="Close" onClick={onClose} />
      </div>
      <div className={styles["dialogBody"]} {...(onAccept === undefined && { tabIndex: 0 })}>
        {children}
      </div>
      {foot === undefined ? null : <div className={styles["dialogFoot"]}>{foot}</div>}
    </>
  );
  return (
    <dialog
      ref={dialog}
      className={styles["dialog"]}
      data-size={size}
      data-place={place}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      {onAccept === undefined ? (
        body
      ) : (
        // The key is that of the fields inside.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
        <form
          style={{ display: "contents" }}
          onKeyDown={(event) => {
            // A browser submits on Enter from inputs only.
            if (event.key !== "Enter" || !(event.target instanceof HTMLSelectElement)) return;
            event.preventDefault();
            onAccept();
          }}
          onSubmit={(event) => {
            event.preventDefault();
            onAccept();
          }}
        >
          {body}
        </form>
      )}
    </dialog>
  );
}
