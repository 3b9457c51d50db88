// The theme of the page: the person's choice, or the system's as long as there is none.

import { useSessionStore } from "../../store/sessionStore.ts";

/** Sets data-theme on the page now and whenever choice or system change. */
export function followTheme(): void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const apply = (): void => {
    const { theme } = useSessionStore.getState();
    const isDark = theme === "dark" || (theme === "system" && system.matches);
    document.documentElement.dataset["theme"] = isDark ? "dark" : "light";
  };
  apply();
  system.addEventListener("change", apply);
  useSessionStore.subscribe(apply);
}
