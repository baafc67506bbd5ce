import { useState, type ChangeEvent } from "react";
import { AppError } from "#contracts/errors";
import { toProblem, type AdminPort, type Problem } from "../../ui/admin-port";
import { formatMs } from "../../ui/figures";
import { ProblemNote } from "../../ui/problem-note";

type Trial =
  | { type: "none" }
  | { type: "running" }
  | { type: "answered"; roundTripMs: number; version: string }
  | { type: "moving" }
  | { type: "moved" }
  | { type: "failed"; problem: Problem };

interface AddressTrialProps {
  admin: AdminPort;
  /** The one in use was chosen here. */
  isChosen: boolean;
}

/** Asks another Redis whether Parley could use it, and moves there when the person says so. */
export function AddressTrial({ admin, isChosen }: AddressTrialProps) {
  const [url, setUrl] = useState("");
  const [password, setPassword] = useState("");
  const [caFile, setCaFile] = useState("");
  const [trial, setTrial] = useState<Trial>({ type: "none" });

  const tryAddress = async (): Promise<void> => {
    const asked = url.trim();
    if (!/^rediss?:\/\/[^/\s]+/.test(asked)) {
      const message = "This is not the address of a Redis.";
      return setTrial({ type: "failed", problem: { message, action: "Write it like redis://192.0.2.7:6379." } });
    }
    setTrial({ type: "running" });
    try {
      const secret = password === "" ? {} : { password };
      const answer = await admin.call("redis-test", { url: asked, ...secret, ...(caFile === "" ? {} : { caFile }) });
      setTrial({ type: "answered", ...answer });
    } catch (error) {
      setTrial({ type: "failed", problem: problemOf(error) });
    }
  };

  const moveTo = async (redis: { url: string; caFile: string }): Promise<void> => {
    setTrial({ type: "moving" });
    try {
      await admin.call("settings-set", { redis, ...(redis.url === "" ? {} : { redisPassword: password }) });
      setPassword("");
      setTrial({ type: "moved" });
    } catch (error) {
      setTrial({ type: "failed", problem: problemOf(error) });
    }
  };
  /** What was tried is no longer what stands in the fields. */
  const edit =
    (change: (value: string) => void) =>
    (event: ChangeEvent<HTMLInputElement>): void => {
      change(event.target.value);
      setTrial({ type: "none" });
    };

  return (
    <section className="card" aria-labelledby="trial-title">
      <h2 id="trial-title">Use another Redis</h2>
      <p className="quiet">
        Workers on other computers join through a Redis that both can reach. Try it first; a conversation that runs goes
        on while Parley moves there.
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
            onChange={edit(setUrl)}
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
          <input type="password" value={password} onChange={edit(setPassword)} maxLength={1000} autoComplete="off" />
        </label>
        {url.trim().startsWith("rediss:") && (
          <label className="field">
            <span className="field-label">File with the certificate of its authority (CA), if it has its own</span>
            <input
              value={caFile}
              onChange={edit(setCaFile)}
              placeholder="/etc/ssl/redis-ca.crt"
              maxLength={2000}
              autoComplete="off"
              spellCheck={false}
            />
          </label>
        )}
        <button type="submit" disabled={trial.type === "running" || trial.type === "moving"}>
          {trial.type === "running" ? "Asking…" : "Try it"}
        </button>
      </form>
      <ProblemNote id="trial-problem" problem={trial.type === "failed" ? trial.problem : undefined} />
      <div role="status">
        {trial.type === "answered" && (
          <p className="result">
            <strong>Parley can use it.</strong> Redis {trial.version} answered in {formatMs(trial.roundTripMs)}.
          </p>
        )}
        {trial.type === "moving" && <p className="result">Moving…</p>}
        {trial.type === "moved" && <p className="result">Parley uses it now.</p>}
      </div>
      {trial.type === "answered" && (
        <button type="button" className="fit" onClick={() => void moveTo({ url: url.trim(), caFile: caFile.trim() })}>
          Use it
        </button>
      )}
      {isChosen && trial.type !== "moving" && (
        <button type="button" className="button-quiet fit" onClick={() => void moveTo({ url: "", caFile: "" })}>
          Back to Parley's own Redis
        </button>
      )}
    </section>
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
