import { Component, type ReactNode } from "react";

interface ErrorBoundaryProps {
  children: ReactNode;
}

/** A screen that breaks says so in its place; the conversation, which lives above it, goes on. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { error: Error | undefined }> {
  override state: { error: Error | undefined } = { error: undefined };

  static getDerivedStateFromError(thrown: unknown): { error: Error } {
    return { error: thrown instanceof Error ? thrown : new Error("Something was thrown that is no error.") };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <main className="broken">
        <section className="broken-card" role="alert">
          <h2>This screen has stopped working</h2>
          <p>The fault is Parley’s, not yours. A conversation that runs is not touched by it.</p>
          <div className="broken-buttons">
            <button type="button" onClick={() => this.setState({ error: undefined })}>
              Show it again
            </button>
            <button type="button" className="button-quiet" onClick={() => location.reload()}>
              Reload Parley
            </button>
          </div>
          <details>
            <summary>What happened</summary>
            <pre>{error.stack ?? error.message}</pre>
          </details>
        </section>
      </main>
    );
  }
}
