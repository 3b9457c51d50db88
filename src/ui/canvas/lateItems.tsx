// Groups and notes on the canvas: fetched with the first drawing that has some.

import type { NodeProps } from "@xyflow/react";
import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import { late } from "../../store/late.ts";
import type { FrameInput, GroupItem, NoteItem } from "./flowFrames.ts";
import type { Card } from "./flowNodes.ts";

/** Anything that has a place on the canvas. */
export type Item = Card | GroupItem | NoteItem;

const FrameCard = lazy(async () => ({ default: (await import("./GroupCard.tsx")).FrameCard }));
const GroupCard = lazy(async () => ({ default: (await import("./GroupCard.tsx")).GroupCard }));
const NoteCard = lazy(async () => ({ default: (await import("./NoteCard.tsx")).NoteCard }));

/** What draws them, by type. */
export const lateItems = {
  frame: (props: NodeProps<GroupItem>) => (
    <Suspense>
      <FrameCard {...props} />
    </Suspense>
  ),
  group: (props: NodeProps<GroupItem>) => (
    <Suspense>
      <GroupCard {...props} />
    </Suspense>
  ),
  note: (props: NodeProps<NoteItem>) => (
    <Suspense>
      <NoteCard {...props} />
    </Suspense>
  ),
} as const;

const nothing: readonly (GroupItem | NoteItem)[] = [];

/** What knows groups and notes. */
export const frames = late(async () => {
  const [{ createFlowFrames }, { placesOf }] = await Promise.all([
    import("./flowFrames.ts"),
    import("../../drawing/frames.ts"),
  ]);
  return { createFlowFrames, placesOf };
});

/** The groups and notes of a drawing, once what makes them has come. */
export function useFrames({ scenario, selection, dragged }: FrameInput): typeof nothing {
  const [make, setMake] = useState<((input: FrameInput) => typeof nothing) | null>(null);
  const hasSome = (scenario.groups ?? scenario.notes) !== undefined;
  useEffect(() => {
    if (hasSome && make === null)
      void frames.load().then(({ createFlowFrames }) => setMake(() => createFlowFrames()));
  }, [hasSome, make]);
  return useMemo(
    () => (hasSome ? (make?.({ scenario, selection, dragged }) ?? nothing) : nothing),
    [hasSome, make, scenario, selection, dragged],
  );
}
