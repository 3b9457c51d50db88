// What can be added (drag it, click it, or press its key), and below it everything that is there, as a list.

import { memo } from "react";
import { nameOf } from "../../model/elements.ts";
import type { Scenario } from "../../model/scenario.ts";
import { nodeKinds } from "../../nodes/index.ts";
import { canvas } from "../../store/canvasPort.ts";
import { channelsOf } from "../../drawing/cardSize.ts";
import { add } from "../../store/commands/add.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { kindType } from "../canvas/gestures.ts";
import { IconButton } from "../controls/Button.tsx";
import { Icon } from "../controls/Icon.tsx";
import { useGrowing } from "../controls/useGrowing.ts";
import styles from "./app.module.css";
import { runCommand, shownShortcut } from "./commands.ts";

/** The palette and the outline. */
export function Palette() {
  return (
    <div className={styles["palette"]}>
      <ul className={styles["kinds"]} aria-label="Add">
        {Object.values(nodeKinds).map((kind) => (
          <li key={kind.id}>
            <button
              type="button"
              className={styles["kind"]}
              data-kind={kind.accent}
              data-tip={kind.summary}
              data-tip-key={kind.key.toUpperCase()}
              aria-label={`Add ${kind.label.toLowerCase()}`}
              aria-keyshortcuts={kind.key}
              draggable
              onDragStart={(event) => {
                event.dataTransfer.setData(kindType, kind.id);
                event.dataTransfer.effectAllowed = "copy";
              }}
              onClick={() => void add(kind.id)}
            >
              <span className={styles["kindIcon"]}>
                <Icon name={kind.icon} size={16} />
              </span>
              <span className={styles["kindName"]}>{kind.label}</span>
              <kbd aria-hidden="true">{kind.key.toUpperCase()}</kbd>
            </button>
          </li>
        ))}
      </ul>
      <Outline />
      <div className={styles["paletteFoot"]}>
        <IconButton
          icon="command"
          label="All commands"
          shortcut={shownShortcut("help/commands")}
          onClick={() => runCommand("help/commands")}
        />
        <IconButton
          icon="help"
          label="Keyboard shortcuts"
          shortcut="?"
          onClick={() => runCommand("help/shortcuts")}
        />
      </div>
    </div>
  );
}

const Outline = memo(function Outline() {
  const scenario = useDocumentStore((state) => state.scenario);
  return (
    <section className={styles["outline"]} aria-label="Outline">
      <h2 className={styles["outlineTitle"]}>Outline</h2>
      <ul className={styles["outlineList"]}>
        {scenario.nodes.map((node) => (
          <li key={node.id}>
            <OutlineItem
              id={node.id}
              name={nameOf(scenario, node.id)}
              colour={`var(--kind-${nodeKinds[node.kind].accent})`}
              level={1}
            />
            {node.kind !== "broker" ? null : (
              <OutlineChannels scenario={scenario} broker={node.id} />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
});

interface OutlineChannelsProps {
  readonly scenario: Scenario;
  readonly broker: string;
}

function OutlineChannels({ scenario, broker }: OutlineChannelsProps) {
  const key = useDocumentStore((state) => state.key);
  return (
    <ul>
      {useGrowing(channelsOf(scenario, broker), key).map((channel) => (
        <li key={channel.id}>
          <OutlineItem id={channel.id} name={nameOf(scenario, channel.id)} level={2} />
        </li>
      ))}
    </ul>
  );
}

interface OutlineItemProps {
  readonly id: string;
  readonly name: string;
  readonly colour?: string;
  readonly level: number;
}

function OutlineItem({ id, name, colour, level }: OutlineItemProps) {
  const isSelected = useSessionStore((state) => state.selection.includes(id));
  const select = useSessionStore((state) => state.select);
  return (
    <button
      type="button"
      className={styles["outlineItem"]}
      data-level={level}
      aria-current={isSelected}
      onClick={() => {
        select([id]);
        canvas().reveal(id);
      }}
      onDoubleClick={() => canvas().centreOn(id)}
    >
      {colour === undefined ? null : (
        <span className={styles["outlineDot"]} style={{ background: colour }} />
      )}
      <span className={styles["outlineText"]}>{name}</span>
    </button>
  );
}
