// The card of a broker with its channels as rows. Each row takes lines in over its whole length and gives
// them out at its right end; bindings run between the two columns.

import { Handle, type NodeProps, Position, useUpdateNodeInternals } from "@xyflow/react";
import { memo, useEffect, useMemo } from "react";
import { technology as technologyOfId } from "../../brokers/index.ts";
import { memberCount } from "../../model/elements.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { cardMeasures } from "../../drawing/cardSize.ts";
import { rowEnds } from "../../drawing/lineEnds.ts";
import { join } from "../controls/Button.tsx";
import { useGrowing } from "../controls/useGrowing.ts";
import styles from "./canvas.module.css";
import { useDropState } from "./connecting.ts";
import { type Card, type CardRow, handlePx, rowsDrawnAllMax } from "./flowNodes.ts";
import { Badge, Bar } from "./NodeCard.tsx";
import { TechnologyMark } from "./TechnologyMark.tsx";
import { touches, useViewArea } from "./viewArea.ts";

/** A broker's card. */
export const BrokerCard = memo(function BrokerCard(props: NodeProps<Card>) {
  const { data, selected, width = 0 } = props;
  const { node, name, atRest, rows, severity, selectedChannel } = data;
  const drawn = useRowsToDraw(props);
  const drop = useDropState(node.id);
  if (node.kind !== "broker") return null;
  const technology = technologyOfId(node.technology);
  return (
    <div
      className={join(styles["card"], styles["broker"])}
      data-node-id={node.id}
      data-kind="broker"
      data-selected={selected}
      data-drop={drop}
    >
      <Handle
        type="target"
        id="in"
        position={Position.Left}
        className={styles["drop"]}
        style={whole}
      />
      <div className={styles["brokerHead"]}>
        <TechnologyMark technology={node.technology} />
        <span className={styles["lines"]}>
          <span className={styles["titleLine"]}>
            <span className={styles["name"]}>{name}</span>
            <Badge severity={severity} />
            <Members id={node.id} word={technology.words.node} />
          </span>
          <span className={styles["brokerText"]}>
            <span data-live="primary">{atRest.primary}</span>
            <span className={styles["secondary"]} data-live="secondary">
              {atRest.secondary}
            </span>
          </span>
        </span>
      </div>
      {rows.length === 0 ? (
        <p className={styles["noRows"]}>Connect something to make its first channel.</p>
      ) : (
        drawn.map((row) => (
          <Row
            key={row.channel.id}
            row={row}
            cardWidth={width}
            isSelected={row.channel.id === selectedChannel}
          />
        ))
      )}
      <Handle
        type="source"
        id="out"
        position={Position.Right}
        className={styles["dot"]}
        style={headDot}
      />
    </div>
  );
});

const whole = { left: 0, top: 0, width: "100%", height: "100%", transform: "none" };
const headDot = {
  right: -handlePx / 2,
  top: cardMeasures.head / 2,
  transform: "translateY(-50%)",
};

function Members({ id, word }: { readonly id: string; readonly word: string }) {
  const count = useDocumentStore((state) => memberCount(state.scenario, id));
  const members = Array.from({ length: Math.min(count, 9) }, (_, member) => `member-${member}`);
  return (
    <span className={styles["members"]} data-tip={`${count} ${word}${count === 1 ? "" : "s"}`}>
      <span className={styles["state"]} data-live="state" hidden />
      {members.map((member) => (
        <span key={member} className={styles["state"]} data-live={member} />
      ))}
    </span>
  );
}

interface RowProps {
  readonly row: CardRow;
  readonly cardWidth: number;
  readonly isSelected: boolean;
}

/** All rows, but of a very long card only those near the view and the selected one, one portion after the other. */
function useRowsToDraw({ id, data, positionAbsoluteX, positionAbsoluteY }: NodeProps<Card>) {
  const { rows, selectedChannel } = data;
  const key = useDocumentStore((state) => state.key);
  const area = useViewArea(rows.length > rowsDrawnAllMax);
  const near = useMemo(() => {
    if (area === undefined) return rows;
    return rows.filter(({ channel, x, y, width, height }) => {
      const [left, top] = [positionAbsoluteX + x, positionAbsoluteY + y];
      return (
        channel.id === selectedChannel || touches(area, [left, top, left + width, top + height])
      );
    });
  }, [rows, selectedChannel, area, positionAbsoluteX, positionAbsoluteY]);
  const drawn = useGrowing(near, key);
  // Lines can be drawn from and to the rows that are there: React Flow is to look for their handles.
  const measure = useUpdateNodeInternals();
  const isWhole = drawn === near;
  useEffect(() => {
    if (isWhole && near !== rows) measure(id);
  }, [measure, id, isWhole, near, rows]);
  return drawn;
}

const Row = memo(function Row({ row, cardWidth, isSelected }: RowProps) {
  const { channel, x, y, width, height } = row;
  const drop = useDropState(channel.id);
  const select = useSessionStore((state) => state.select);
  const { left, right } = rowEnds(row, cardWidth);
  const inWidth = x + width - left;
  const inPlace = { left: left - x, top: -1, transform: "none", width: inWidth, height };
  const outPlace = {
    left: right - x - handlePx / 2 - 1,
    top: "50%",
    transform: "translateY(-50%)",
  };
  return (
    <div
      role="button"
      tabIndex={0}
      aria-pressed={isSelected}
      aria-label={`${row.kindLabel} ${row.name}`}
      className={styles["row"]}
      style={{ left: x, top: y, width, height }}
      data-channel-id={channel.id}
      data-selected={isSelected}
      data-dimmed={row.isDimmed}
      data-drop={drop}
      onClick={(event) => {
        event.stopPropagation();
        select([channel.id]);
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter") select([channel.id]);
      }}
      onFocus={(event) => {
        event.stopPropagation();
        if (event.currentTarget.matches(":focus-visible")) select([channel.id]);
      }}
    >
      <Handle
        type="target"
        id={`in:${channel.id}`}
        position={Position.Left}
        className={styles["drop"]}
        style={inPlace}
      />
      <span className={styles["rowHead"]}>
        <span className={styles["rowName"]}>{row.name}</span>
        <span className={styles["rowKind"]}>{row.kindLabel}</span>
      </span>
      <span className={styles["waiting"]} data-live="waiting">
        {row.atRest}
      </span>
      <Bar slot="waiting-bar" />
      <Handle
        type="source"
        id={`out:${channel.id}`}
        position={Position.Right}
        className={styles["dot"]}
        style={outPlace}
      />
    </div>
  );
});
