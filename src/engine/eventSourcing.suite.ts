// What it costs to load an entity that is kept as its events.

/** Events that are to be folded to know the state in a version: all of them, or those since the last snapshot, of which
 *  there is one every so many events (null: none). */
export function eventsToReplay(version: number, snapshotEvery: number | null): number {
  return snapshotEvery === null ? version : version % snapshotEvery;
}
