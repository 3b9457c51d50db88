// The bookmarks of a scenario: captions, order, going there, presenting. Loaded with the first touch of the page.

import { formatDurationMs } from "../../base/units.ts";
import type { Bookmark } from "../../model/bookmarks.ts";
import {
  changeCaption,
  deleteBookmark,
  goTo,
  moveBookmark,
  present,
  retake,
} from "../../store/presenting.ts";
import { Button, IconButton } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import styles from "./inspector.module.css";

/** The list, with the button that presents it. */
export function BookmarkList({ bookmarks }: { readonly bookmarks: readonly Bookmark[] }) {
  return (
    <>
      <ol className={styles["bookmarks"]}>
        {bookmarks.map((bookmark, index) => (
          <Line
            key={bookmark.id}
            bookmark={bookmark}
            number={index + 1}
            isLast={index + 1 === bookmarks.length}
          />
        ))}
      </ol>
      <Button icon="monitor" onClick={present}>
        Present
      </Button>
    </>
  );
}

interface LineProps {
  readonly bookmark: Bookmark;
  readonly number: number;
  readonly isLast: boolean;
}

function Line({ bookmark, number, isLast }: LineProps) {
  const { id, caption, at } = bookmark;
  const moment = at === undefined ? "no moment" : formatDurationMs(at);
  return (
    <li>
      <div className={styles["bookmark"]}>
        <Button onClick={() => void goTo(bookmark)} data-tip="Go there">
          {number} · {moment}
        </Button>
        <IconButton
          icon="chevron-down"
          className={styles["upwards"]}
          size={14}
          label={`Move bookmark ${number} up`}
          disabled={number === 1}
          onClick={() => moveBookmark(id, -1)}
        />
        <IconButton
          icon="chevron-down"
          size={14}
          label={`Move bookmark ${number} down`}
          disabled={isLast}
          onClick={() => moveBookmark(id, 1)}
        />
        <IconButton
          icon="reset"
          size={14}
          label={`Show what is seen now in bookmark ${number}`}
          onClick={() => retake(id)}
        />
        <IconButton
          icon="x"
          size={14}
          label={`Delete bookmark ${number}`}
          onClick={() => deleteBookmark(id)}
        />
      </div>
      <textarea
        className={controls["input"]}
        aria-label={`Caption of bookmark ${number}`}
        rows={2}
        value={caption}
        onChange={(event) => changeCaption(id, event.target.value)}
      />
    </li>
  );
}
