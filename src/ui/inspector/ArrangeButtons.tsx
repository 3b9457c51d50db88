// Buttons that line several selected cards up. Their pictures come with the inspector, not with the first load.

import {
  AlignCenterHorizontal,
  AlignCenterVertical,
  AlignEndHorizontal,
  AlignEndVertical,
  AlignHorizontalSpaceBetween,
  AlignStartHorizontal,
  AlignStartVertical,
  AlignVerticalSpaceBetween,
  Workflow,
} from "lucide-react";
import { arrangeCommands } from "../../store/commands/arrange.ts";
import styles from "./inspector.module.css";

const pictures = [
  ["arrange/align-left", AlignStartVertical],
  ["arrange/align-centre", AlignCenterVertical],
  ["arrange/align-right", AlignEndVertical],
  ["arrange/align-top", AlignStartHorizontal],
  ["arrange/align-middle", AlignCenterHorizontal],
  ["arrange/align-bottom", AlignEndHorizontal],
  ["arrange/spread-across", AlignHorizontalSpaceBetween],
  ["arrange/spread-down", AlignVerticalSpaceBetween],
  ["arrange/right", Workflow],
] as const;

/** One button for each way of lining up. */
export function ArrangeButtons() {
  return (
    <div className={styles["arrange"]} role="group" aria-label="Line up">
      {pictures.map(([id, Picture]) => {
        const command = arrangeCommands.find((one) => one.id === id);
        if (command === undefined) return null;
        return (
          <button
            key={id}
            type="button"
            aria-label={command.title}
            data-tip={command.title}
            disabled={command.isEnabled?.() === false}
            onClick={() => void command.run()}
          >
            <Picture size={16} aria-hidden />
          </button>
        );
      })}
    </div>
  );
}
