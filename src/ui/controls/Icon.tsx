// Icons by the names that node kinds and commands use; the pictures are only known here.

import {
  Check,
  ChevronDown,
  ChevronRight,
  ChevronUp,
  CircleAlert,
  CircleHelp,
  Cog,
  Command,
  Copy,
  Database,
  Download,
  FileText,
  FolderOpen,
  Globe,
  Group,
  Info,
  Maximize,
  Minus,
  Monitor,
  Moon,
  PanelBottom,
  PanelLeft,
  PanelRight,
  Plus,
  RadioTower,
  Redo2,
  RotateCcw,
  Scissors,
  Share2,
  Sigma,
  Signpost,
  SquareFunction,
  Sun,
  Trash2,
  TriangleAlert,
  Turtle,
  Undo2,
  Unplug,
  Waypoints,
  X,
} from "lucide-react";
import type { ComponentType } from "react";

const pictures = {
  check: Check,
  "chevron-down": ChevronDown,
  "chevron-right": ChevronRight,
  "chevron-up": ChevronUp,
  error: CircleAlert,
  help: CircleHelp,
  cog: Cog,
  command: Command,
  copy: Copy,
  "cut-off": Scissors,
  database: Database,
  download: Download,
  file: FileText,
  folder: FolderOpen,
  globe: Globe,
  group: Group,
  info: Info,
  fit: Maximize,
  minus: Minus,
  monitor: Monitor,
  moon: Moon,
  "panel-bottom": PanelBottom,
  "panel-left": PanelLeft,
  "panel-right": PanelRight,
  plus: Plus,
  "radio-tower": RadioTower,
  redo: Redo2,
  reset: RotateCcw,
  share: Share2,
  sigma: Sigma,
  signpost: Signpost,
  slow: Turtle,
  "square-function": SquareFunction,
  sun: Sun,
  trash: Trash2,
  warning: TriangleAlert,
  undo: Undo2,
  unplug: Unplug,
  waypoints: Waypoints,
  x: X,
} as const;

/** Name of a picture. */
export type IconName = keyof typeof pictures;

/** A decorative icon [px]; an unknown name gives the one for help. */
export function Icon({ name, size = 16 }: { readonly name: string; readonly size?: number }) {
  const Picture: ComponentType<{ size: number; strokeWidth: number; "aria-hidden": true }> =
    isIconName(name) ? pictures[name] : pictures.help;
  return <Picture size={size} strokeWidth={1.75} aria-hidden={true} />;
}

function isIconName(name: string): name is IconName {
  return Object.hasOwn(pictures, name);
}
