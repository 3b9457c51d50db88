// The buttons of the app: with text, with an icon, or both. The tip is shown by Tips.tsx.

import type { ButtonHTMLAttributes } from "react";
import styles from "./controls.module.css";
import { Icon, type IconName } from "./Icon.tsx";

interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "title"> {
  readonly tone?: "plain" | "main" | "danger" | "quiet";
  readonly icon?: IconName;
}

/** A button with a text. */
export function Button({ tone = "plain", icon, children, className, ...rest }: ButtonProps) {
  return (
    <button type="button" data-tone={tone} className={join(styles["button"], className)} {...rest}>
      {icon === undefined ? null : <Icon name={icon} size={15} />}
      {children}
    </button>
  );
}

interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "title"> {
  readonly icon: IconName;
  /** Accessible name, and the tip. */
  readonly label: string;
  /** Shown behind the tip. */
  readonly shortcut?: string | undefined;
  readonly size?: number;
}

/** A square button with an icon only. */
export function IconButton({
  icon,
  label,
  shortcut,
  size = 16,
  className,
  ...rest
}: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      data-tip={label}
      data-tip-key={shortcut}
      className={join(styles["iconButton"], className)}
      {...rest}
    >
      <Icon name={icon} size={size} />
    </button>
  );
}

/** Class names that are there, in one text. */
export function join(...names: readonly (string | false | undefined)[]): string {
  return names.filter((name) => name !== undefined && name !== false && name !== "").join(" ");
}
