import { useEffect, useSyncExternalStore } from "react";
import { ProblemCard } from "../../ui/problem-card";
import { WaveMark } from "../../ui/icons";
import type { ConversationController } from "./conversation-controller";
import type { ConversationView } from "./conversation-view";
import { TalkDock } from "./talk-dock";
import { Transcript } from "./transcript";
import { VoicePicker } from "./voice-picker";

/** The whole page: who answers, what was said, and where to act. */
export function ConversationScreen({ controller }: { controller: ConversationController }) {
  const view = useSyncExternalStore(controller.subscribe, controller.getView);
  useEscape(() => controller.interrupt());
  return (
    <div className="screen">
      <Header controller={controller} view={view} />
      <main tabIndex={-1}>
        <div className="column">
          {view.session?.banner !== undefined && (
            <p className="banner" role="note">
              {view.session.banner}
            </p>
          )}
          {view.conversation.entries.length === 0 ? <Welcome /> : <Transcript entries={view.conversation.entries} />}
          {view.problems.map(({ code, words, action }) => (
            <ProblemCard key={code} words={words} action={action} onDismiss={() => controller.dismiss(code)}>
              {code === "sound-paused" && (
                <button type="button" onClick={() => void controller.resumeSound()}>
                  Resume sound
                </button>
              )}
            </ProblemCard>
          ))}
        </div>
      </main>
      <TalkDock controller={controller} view={view} />
    </div>
  );
}

function Header({ controller, view }: { controller: ConversationController; view: ConversationView }) {
  const { session } = view;
  return (
    <header className="header">
      <h1>
        <WaveMark />
        Parley
      </h1>
      {session !== undefined && (
        <>
          <p className="brain" title={`Answers come from: ${session.brain.label}`}>
            <span className="visually-hidden">Answers come from: </span>
            {session.brain.label}
          </p>
          <VoicePicker
            voices={session.voices}
            voice={view.voice ?? session.voice}
            onChoose={(voice) => controller.setVoice(voice)}
          />
        </>
      )}
    </header>
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

function useEscape(action: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "Escape") action();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });
}
