// Short messages at the bottom of the page. Failures stay until they are dismissed; the announcer reads all aloud.

import { useEffect } from "react";
import { type Notice, useSessionStore } from "../../store/sessionStore.ts";
import { IconButton } from "./Button.tsx";
import styles from "./controls.module.css";

const shownMs = 5000;

/** The notices of the session. */
export function Notices() {
  const notices = useSessionStore((state) => state.notices);
  return (
    <section className={styles["notices"]} aria-label="Notices">
      {notices.map((notice) => (
        <NoticeLine key={notice.id} notice={notice} />
      ))}
    </section>
  );
}

function NoticeLine({ notice }: { readonly notice: Notice }) {
  const dismiss = useSessionStore((state) => state.dismiss);
  useEffect(() => {
    if (notice.tone === "failure") return undefined;
    const timer = setTimeout(() => dismiss(notice.id), shownMs);
    return () => clearTimeout(timer);
  }, [notice, dismiss]);
  return (
    <div className={styles["notice"]} data-tone={notice.tone}>
      <p>{notice.text}</p>
      <IconButton icon="x" size={14} label="Dismiss" onClick={() => dismiss(notice.id)} />
    </div>
  );
}

/** The live region for screen readers. */
export function Announcer() {
  const announcement = useSessionStore((state) => state.announcement);
  return (
    <div id="announcer" role="status" aria-live="polite" className="visually-hidden">
      {announcement}
    </div>
  );
}
