import type { ReactNode } from "react";
import { DownIcon, GaugeIcon, RecordIcon, WaveMark } from "../../ui/icons";
import { ProblemCard } from "../../ui/problem-card";
import { useRemembered } from "../../ui/use-remembered";
import { LatencyPanel, msWords } from "../latency/latency-panel";
import { answerTimesMs } from "../latency/waterfall";
import type { ConversationController } from "./conversation-controller";
import { isRunning } from "./conversation-view";
import { TalkDock } from "./talk-dock";
import { Transcript } from "./transcript";
import { useStickToEnd } from "./use-stick-to-end";
import { useTalk, useTalkWords } from "./use-talk";
import { VoicePicker } from "./voice-picker";

const LATENCY_ID = "latency";

interface PartProps {
  controller: ConversationController;
}

/** The conversation: who answers, what was said, and where to act. */
export function ConversationScreen({ controller }: PartProps) {
  const [showsLatency, setShowsLatency] = useRemembered("parley-latency", false);
  const { scroller, isAtEnd, toEnd } = useStickToEnd();
  return (
    <div className="screen">
      <Header controller={controller}>
        <LatencyButton controller={controller} isOpen={showsLatency} onToggle={() => setShowsLatency(!showsLatency)} />
      </Header>
      {showsLatency && <Latency controller={controller} />}
      <main ref={scroller} tabIndex={0} aria-label="Conversation">
        <div className="column">
          <Banner controller={controller} />
          <Said controller={controller} />
          <DuplexNote controller={controller} />
          <Problems controller={controller} />
        </div>
      </main>
      {!isAtEnd && (
        <div className="latest">
          <button
            type="button"
            className="button-quiet"
            onClick={() => {
              toEnd();
              // This button goes; the keyboard stays with the words.
              scroller.current?.focus();
            }}
          >
            <DownIcon />
            Latest
          </button>
        </div>
      )}
      <TalkDock controller={controller} onSend={toEnd} />
    </div>
  );
}

function Latency({ controller }: PartProps) {
  const metrics = useTalk(controller, ({ turnMetrics }) => turnMetrics);
  return <LatencyPanel id={LATENCY_ID} metrics={metrics} />;
}

function Banner({ controller }: PartProps) {
  const banner = useTalk(controller, ({ session }) => session?.banner);
  if (banner === undefined) return null;
  return (
    <p className="banner" role="note">
      {banner}
    </p>
  );
}

function Said({ controller }: PartProps) {
  const entries = useTalkWords(controller, ({ conversation }) => conversation.entries);
  const caption = useTalkWords(controller, (view) => view.caption);
  const canContinue = useTalk(controller, (view) => view.phase === "active" && !view.conversation.isUserSpeaking);
  if (entries.length === 0) return <Welcome />;
  return (
    <Transcript entries={entries} caption={caption} onContinue={canContinue ? controller.continueAnswer : undefined} />
  );
}

/** Stays as long as the echo is too strong for both to speak at once. */
function DuplexNote({ controller }: PartProps) {
  const duplex = useTalk(controller, (view) => view.duplex);
  const isFull = duplex === undefined || duplex.mode === "full";
  return (
    <div role="status">
      {!isFull && (
        <p className="banner">
          {duplex.words} {duplex.action}
        </p>
      )}
    </div>
  );
}

function Problems({ controller }: PartProps) {
  const problems = useTalk(controller, (view) => view.problems);
  return problems.map(({ code, words, action }) => (
    <ProblemCard key={code} words={words} action={action} onDismiss={() => controller.dismiss(code)}>
      {code === "sound-paused" && (
        <button type="button" onClick={() => void controller.resumeSound()}>
          Resume sound
        </button>
      )}
    </ProblemCard>
  ));
}

function Header({ controller, children }: PartProps & { children: ReactNode }) {
  const session = useTalk(controller, (view) => view.session);
  const voice = useTalk(controller, (view) => view.voice);
  return (
    <header className="header">
      <h1>
        <WaveMark />
        Parley
      </h1>
      {session !== undefined && (
        <p className="brain" title={`Answers come from: ${session.brain.label}`}>
          <span className="visually-hidden">Answers come from: </span>
          {session.brain.label}
        </p>
      )}
      <RecordingMark controller={controller} />
      {children}
      {session !== undefined && (
        <VoicePicker
          voices={session.voices}
          voice={voice ?? session.voice}
          onChoose={(chosen) => controller.setVoice(chosen)}
        />
      )}
    </header>
  );
}

function RecordingMark({ controller }: PartProps) {
  const scope = useTalk(controller, ({ phase, recording }) => (isRunning(phase) ? recording : "off"));
  if (scope === "off") return null;
  return (
    <p className="recording-mark" role="status" title="You can change this in Settings">
      <RecordIcon />
      <span>{scope === "audio" ? "Recording" : "Recording text"}</span>
    </p>
  );
}

interface LatencyButtonProps extends PartProps {
  isOpen: boolean;
  onToggle: () => void;
}

function LatencyButton({ controller, isOpen, onToggle }: LatencyButtonProps) {
  const lastMs = useTalk(controller, ({ turnMetrics }) => answerTimesMs(turnMetrics).at(-1));
  return (
    <button
      type="button"
      className="latency-button"
      aria-expanded={isOpen}
      aria-controls={isOpen ? LATENCY_ID : undefined}
      title="Where the time of the last answer went"
      onClick={onToggle}
    >
      <GaugeIcon />
      <span className={lastMs === undefined ? undefined : "visually-hidden"}>Latency</span>
      {lastMs !== undefined && <span>{msWords(lastMs)}</span>}
    </button>
  );
}

function Welcome() {
  return (
    <div className="welcome">
      <h2>What is on your mind?</h2>
      <p>Speak as you would to a person. Parley answers aloud, and stops when you cut in.</p>
    </div>
  );
}
