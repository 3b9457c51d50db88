// Whichever dialog is open. The page loads this file with the first one; large ones come on their own.

import { lazy } from "react";
import { assertNever } from "../../base/assert.ts";
import type { Dialog } from "../../store/sessionStore.ts";
import { CommandDialog } from "./CommandDialog.tsx";
import { ContextMenu } from "./ContextMenu.tsx";
import { DocumentsDialog } from "./DocumentsDialog.tsx";
import { ExtendMenu } from "./ExtendMenu.tsx";
import { LinkDialog } from "./LinkDialog.tsx";
import { ShortcutsDialog } from "./ShortcutsDialog.tsx";
import { TargetsDialog } from "./TargetsDialog.tsx";
import { TechnologyDialog } from "./TechnologyDialog.tsx";

const ExportDialog = lazy(async () => ({
  default: (await import("./ExportDialog.tsx")).ExportDialog,
}));
const ImportDialog = lazy(async () => ({
  default: (await import("../importing/ImportDialog.tsx")).ImportDialog,
}));
const ShareDialog = lazy(async () => ({
  default: (await import("./ShareDialog.tsx")).ShareDialog,
}));

const ExamplesDialog = lazy(async () => ({
  default: (await import("./ExamplesDialog.tsx")).ExamplesDialog,
}));

const SwapDialog = lazy(async () => ({
  default: (await import("./SwapDialog.tsx")).SwapDialog,
}));

const TwinDialog = lazy(async () => ({
  default: (await import("./TwinDialog.tsx")).TwinDialog,
}));

interface DialogsProps {
  readonly dialog: Dialog;
  readonly onClose: () => void;
}

/** The open dialog. */
export function Dialogs({ dialog, onClose }: DialogsProps) {
  switch (dialog.dialog) {
    case "menu":
      return <ContextMenu at={dialog.at} on={dialog.on} onClose={onClose} />;
    case "technology":
      return <TechnologyDialog at={dialog.at} from={dialog.from} onClose={onClose} />;
    case "extend":
      return (
        <ExtendMenu from={dialog.from} at={dialog.at} place={dialog.place} onClose={onClose} />
      );
    case "swap":
      return <SwapDialog of={dialog.of} onClose={onClose} />;
    case "targets":
      return <TargetsDialog from={dialog.from} onClose={onClose} />;
    case "link":
      return <LinkDialog from={dialog.from} to={dialog.to} onClose={onClose} />;
    case "commands":
      return <CommandDialog onClose={onClose} />;
    case "shortcuts":
      return <ShortcutsDialog onClose={onClose} />;
    case "documents":
      return <DocumentsDialog onClose={onClose} />;
    case "examples":
      return <ExamplesDialog onClose={onClose} />;
    case "export":
      return <ExportDialog open onClose={onClose} />;
    case "import":
      return <ImportDialog given={dialog.files} onClose={onClose} />;
    case "twin":
      return <TwinDialog onClose={onClose} />;
    case "share":
      return <ShareDialog open onClose={onClose} />;
    default:
      return assertNever(dialog);
  }
}
