// A placeholder until the real page exists: shows that build, policy and journeys work.
import { createRoot } from "react-dom/client";

const root = document.getElementById("root");
if (root !== null) createRoot(root).render(<h1>Spillway</h1>);
