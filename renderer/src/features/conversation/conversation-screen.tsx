import { useSyncExternalStore, type ReactNode } from "react";
import { DownIcon, GaugeIcon, RecordIcon, WaveMark } from "../../ui/icons";
import { ProblemCard } from "../../ui/problem-card";
import { useRemembered } from "../../ui/use-remembered";
import { LatencyPanel, msWords } from "../latency/latency-panel";
import { answerTimesMs } from "../latency/waterfall";
import type { ConversationController } from "./conversation-controller";
import { isRunning, type ConversationView } from "./conversation-view";
import { TalkDock } from "./talk-dock";
import { Transcript } from "./transcript";
import { useStickToEnd } from "./use-stick-to-end";
import { VoicePicker } from "./voice-picker";

const LATENCY_ID = "latency";

interface ConversationScreenProps {
  controller: ConversationController;
}

/** The conversation: who answers, what was said, and where to act. */
export function ConversationScreen({ controller }: ConversationScreenProps) {
  const view = useSyncExternalStore(controller.subscribe, controller.getView);
  const [showsLatency, setShowsLatency] = useRemembered("parley-latency", false);
  const { scroller, isAtEnd, toEnd } = useStickToEnd();
  return (
    <div className="screen">
      <Header controller={controller} view={view}>
        <LatencyButton view={view} isOpen={showsLatency} onToggle={() => setShowsLatency(!showsLatency)} />
      </Header>
      {showsLatency && <LatencyPanel id={LATENCY_ID} metrics={view.turnMetrics} />}
      <main ref={scroller} tabIndex={0} aria-label="Conversation">
        <div className="column">
          {view.session?.banner !== undefined && (
            <p className="banner" role="note">
              {view.session.banner}
            </p>
          )}
          <Said controller={controller} view={view} />
          <DuplexNote view={view} />
          <Problems controller={controller} view={view} />
        </div>
      </main>
      {!isAtEnd && (
        <div className="latest">
          <button type="button" className="button-quiet" onClick={toEnd}>
            <DownIcon />
            Latest
          </button>
        </div>
      )}
      <TalkDock controller={controller} view={view} />
    </div>
  );
}

interface PartProps {
  controller: ConversationController;
  view: ConversationView;
}

function Said({ controller, view }: PartProps) {
  if (view.conversation.entries.length === 0) return <Welcome />;
  const canContinue = view.phase === "active" && !view.conversation.isUserSpeaking;
  return (
    <Transcript
      entries={view.conversation.entries}
      caption={view.caption}
      onContinue={canContinue ? controller.continueAnswer : undefined}
    />
  );
}

/** Stays as long as the echo is too strong for both to speak at once. */
function DuplexNote({ view: { duplex } }: Pick<PartProps, "view">) {
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

function Problems({ controller, view }: PartProps) {
  return view.problems.map(({ code, words, action }) => (
    <ProblemCard key={code} words={words} action={action} onDismiss={() => controller.dismiss(code)}>
      {code === "sound-paused" && (
        <button type="button" onClick={() => void controller.resumeSound()}>
          Resume sound
        </button>
      )}
    </ProblemCard>
  ));
}

function Header({ controller, view, children }: PartProps & { children: ReactNode }) {
  const { session } = view;
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
      {isRunning(view.phase) && view.recording !== "off" && (
        <p className="recording-mark" role="status" title="You can change this in Settings">
          <RecordIcon />
          <span>{view.recording === "audio" ? "Recording" : "Recording text"}</span>
        </p>
      )}
      {children}
      {session !== undefined && (
        <VoicePicker
          voices={session.voices}
          voice={view.voice ?? session.voice}
          onChoose={(voice) => controller.setVoice(voice)}
        />
      )}
    </header>
  );
}

interface LatencyButtonProps {
  view: ConversationView;
  isOpen: boolean;
  onToggle: () => void;
}

function LatencyButton({ view, isOpen, onToggle }: LatencyButtonProps) {
  const lastMs = answerTimesMs(view.turnMetrics).at(-1);
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
