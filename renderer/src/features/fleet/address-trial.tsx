import { useState } from "react";
import { AppError } from "#contracts/errors";
import { toProblem, type AdminPort, type Problem } from "../../ui/admin-port";
import { formatMs } from "../../ui/figures";
import { ProblemNote } from "../../ui/problem-note";
import { withoutPassword } from "./redis-words";

type Trial =
  | { type: "none" }
  | { type: "running" }
  | { type: "answered"; url: string; hasPassword: boolean; roundTripMs: number; version: string }
  | { type: "failed"; problem: Problem };

/** Asks another Redis whether Parley could use it, and tells how. Changes nothing. */
export function AddressTrial({ admin }: { admin: AdminPort }) {
  const [url, setUrl] = useState("");
  const [password, setPassword] = useState("");
  const [trial, setTrial] = useState<Trial>({ type: "none" });

  const tryAddress = async (): Promise<void> => {
    const asked = url.trim();
    if (!/^rediss?:\/\/[^/\s]+/.test(asked)) {
      const message = "This is not the address of a Redis.";
      return setTrial({ type: "failed", problem: { message, action: "Write it like redis://192.0.2.7:6379." } });
    }
    setTrial({ type: "running" });
    try {
      const answer = await admin.call("redis-test", { url: asked, ...(password === "" ? {} : { password }) });
      setTrial({ type: "answered", url: asked, hasPassword: password !== "", ...answer });
    } catch (error) {
      setTrial({ type: "failed", problem: problemOf(error) });
    }
  };

  return (
    <section className="card" aria-labelledby="trial-title">
      <h2 id="trial-title">Try another Redis</h2>
      <p className="quiet">
        Workers on other computers join through a Redis that both can reach. This asks one whether Parley could use it,
        and changes nothing.
      </p>
      <form
        className="field-row"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void tryAddress();
        }}
      >
        <label className="field">
          <span className="field-label">Address</span>
          <input
            value={url}
            onChange={(event) => setUrl(event.target.value)}
            placeholder="redis://host:6379"
            maxLength={2000}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            aria-invalid={trial.type === "failed"}
            aria-describedby="trial-problem"
          />
        </label>
        <label className="field">
          <span className="field-label">Password, if it has one</span>
          <input
            type="password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            maxLength={1000}
            autoComplete="off"
          />
        </label>
        <button type="submit" disabled={trial.type === "running"}>
          {trial.type === "running" ? "Asking…" : "Try it"}
        </button>
      </form>
      <ProblemNote id="trial-problem" problem={trial.type === "failed" ? trial.problem : undefined} />
      <div role="status">{trial.type === "answered" && <Answer {...trial} />}</div>
    </section>
  );
}

function Answer({ url, hasPassword, roundTripMs, version }: Extract<Trial, { type: "answered" }>) {
  return (
    <div className="result">
      <p>
        <strong>Parley can use it.</strong> Redis {version} answered in {formatMs(roundTripMs)}.
      </p>
      <p>
        To use it, start Parley with <code>REDIS_URL={withoutPassword(url)}</code>
        {hasPassword && (
          <>
            {" "}
            and name a file that holds the password in <code>REDIS_PASSWORD_FILE</code>
          </>
        )}
        .
      </p>
    </div>
  );
}

/** The usual advice names settings of the start; here it is the form that must be corrected. */
function problemOf(error: unknown): Problem {
  const problem = toProblem(error);
  const code = error instanceof AppError ? error.code : undefined;
  if (code === "redis-auth-failed") return { ...problem, action: "Check the password." };
  if (code === "redis-auth-required") return { ...problem, action: "Enter it in the field above." };
  if (code === "redis-unreachable") return { ...problem, action: "Check the address, and that the server runs." };
  return problem;
}
