// Keeps a mistake of ours inside the panel where it happened, with a way to go on.

import { Component, type ReactNode, Suspense } from "react";
import { Button } from "./Button.tsx";
import styles from "./controls.module.css";

interface BoundaryProps {
  /** What is inside, as in "The inspector has stopped". */
  readonly name: string;
  readonly children: ReactNode;
  /** Offered as "Close" when there is one. */
  readonly onDismiss?: () => void;
  /** Shown while a lazy part loads. */
  readonly waiting?: ReactNode;
}

interface BoundaryState {
  readonly failure: string | null;
}

/** An error boundary that offers to try again, and the place where lazy parts wait. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { failure: null };

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { failure: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    const { name, children, onDismiss, waiting = null } = this.props;
    if (this.state.failure === null) return <Suspense fallback={waiting}>{children}</Suspense>;
    return (
      <div className={styles["broken"]} role="alert">
        <strong>{name} has stopped.</strong>
        <p>The rest of Spillway goes on, and your document is safe.</p>
        <pre>{this.state.failure}</pre>
        <div>
          <Button onClick={() => this.setState({ failure: null })}>Try again</Button>
          {onDismiss === undefined ? null : (
            <Button tone="quiet" onClick={onDismiss}>
              Close
            </Button>
          )}
        </div>
      </div>
    );
  }
}
