// Renders a piece of the page into a test's document, and finds things by role and name as a person would.

import { act, type ReactNode } from "react";
import { createRoot } from "react-dom/client";

/** What a test does with what it has rendered. */
export interface TestPage {
  readonly root: HTMLElement;
  /** Renders something else in its place. */
  show(content: ReactNode): Promise<void>;
  /** The input, select or button with this name. */
  control(name: string): HTMLElement;
  /** Types a text into an input and leaves it with a key. */
  type(name: string, text: string, key?: string): Promise<void>;
  click(element: Element): Promise<void>;
  close(): Promise<void>;
}

/** Renders `content`. */
export async function openPage(content: ReactNode): Promise<TestPage> {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  const root = document.createElement("div");
  document.body.append(root);
  const react = createRoot(root);
  const show = async (next: ReactNode): Promise<void> => act(async () => react.render(next));
  await show(content);
  const control = (name: string): HTMLElement => {
    const found = [...root.querySelectorAll<HTMLElement>("input, select, button, textarea")].find(
      (element) => nameOf(root, element) === name,
    );
    if (found === undefined) throw new Error(`There is no control named "${name}".`);
    return found;
  };
  return {
    root,
    show,
    control,
    type: async (name, text, key) => {
      const input = control(name);
      if (!(input instanceof HTMLInputElement)) throw new Error(`"${name}" is no input.`);
      await act(async () => {
        input.focus();
        setValue(input, text);
        input.dispatchEvent(new Event("input", { bubbles: true }));
      });
      if (key === undefined) return;
      await act(async () => {
        input.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
      });
    },
    click: async (element) =>
      act(async () => void element.dispatchEvent(new MouseEvent("click", { bubbles: true }))),
    close: async () => {
      await act(async () => react.unmount());
      root.remove();
    },
  };
}

/** Past React's own setter, so that React sees a change. */
function setValue(input: HTMLInputElement, text: string): void {
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(input, text);
}

function nameOf(root: HTMLElement, element: HTMLElement): string {
  const label = element.getAttribute("aria-label");
  if (label !== null) return label;
  const own = element.id === "" ? null : root.querySelector(`label[for="${element.id}"]`);
  return (own ?? element.closest("label") ?? element).textContent.trim();
}
