/**
 * What the scripted user says. "|" marks a pause in the middle of a turn. Words are everyday ones, so that a system that errs
 * has misheard; the built-in brain answers most of them in a sentence. Items at even places belong to the tuning half, the others
 * to the held-out half.
 */
export const QUESTIONS = {
  short: [
    "What time is it?",
    "Good morning.",
    "What is your name?",
    "What day is it today?",
    "What can you do?",
    "Thank you very much.",
    "How are you today?",
    "Please tell me a joke.",
    "What is twelve times seven?",
    "How do you spell window?",
    "What is forty plus two?",
    "Are you a human being?",
    "Can you hear me?",
    "Please flip a coin.",
    "Where are you?",
    "How old are you?",
  ],
  long: [
    "I have been wondering all day whether you could tell me what time it is.",
    "My neighbour asked me yesterday how many days there are until the end of the year.",
    "When you have a moment I would like to hear something interesting about animals.",
    "Could you please work out how much thirty two plus fifty nine would be?",
    "Before I go to bed tonight I want to know what the date will be tomorrow.",
    "A friend of mine told me that you can spell words so please spell kitchen.",
    "I am sitting in the garden with a cup of tea and I feel very happy today.",
    "It would be very kind of you to tell me who built you and where you come from.",
  ],
} as const;

/** By the place of the pause. */
export const PAUSED_QUESTIONS = {
  "clause border": [
    "If you are not too busy, | what time is it?",
    "I had a long day at work, | so please tell me a joke.",
    "My brother is coming to visit, | can you tell me what day it is?",
    "When I was a child, | I had a small dog.",
    "I am trying to learn something new, | what can you do?",
    "I forgot to ask you before, | what is your name?",
    "The shop closes in the evening, | how late is it now?",
    "It is a nice morning, | how are you today?",
    "I need a number for my letter, | what is nine times eight?",
    "Since you are a computer, | can you flip a coin for me?",
  ],
  "function word": [
    "I would like to know the | time, please.",
    "Please tell me a | joke about something.",
    "What is the | day today?",
    "Can you tell me what | your name is?",
    "How do you spell the | word garden?",
    "I want to hear about your | favourite animal.",
    "What is the sum of | seven and eight?",
    "Could you say something about the | moon?",
    "I was thinking about | my holidays.",
    "Do you know how to | cook rice?",
  ],
  "filler": [
    "I was, um, | wondering what time it is.",
    "Well, uh, | what is your name?",
    "Can you, um, | tell me a joke?",
    "So, uh, | what day is it today?",
    "Let me think, um, | how much is ten plus four?",
    "I am not sure, uh, | can you spell window?",
    "Could you, uh, | flip a coin?",
    "Hmm, well, um, | how old are you?",
  ],
  "number": [
    "What is twenty | three plus four?",
    "How much is one hundred and | five minus seven?",
    "My number is five five | two seven | nine one.",
    "What is three | hundred plus | sixty?",
    "Please add four | and nine.",
    "The code is eight four | one six.",
  ],
  "spelling": [
    "My name is spelled J | O | H | N.",
    "It is written B A | K E R.",
    "The word is spelled T R | A I N.",
    "You spell it M | A R | Y.",
  ],
} as const;

/** They make the built-in brain talk for the better part of a minute. */
export const STORY_PROMPTS = [
  "Please tell me a story.",
  "Tell me another story, please.",
  "I want to hear a long story.",
  "Can you tell me a story?",
] as const;

export const INTERRUPTIONS = {
  "stop word": [
    "Stop.",
    "Wait.",
    "No.",
    "Hold on.",
    "Stop it.",
    "Wait a minute.",
    "Stop, please.",
    "Hang on.",
    "Enough.",
    "No, wait.",
  ],
  "question": [
    "What time is it?",
    "What is your name?",
    "Excuse me, what did you say?",
    "What day is it today?",
    "Can you tell me a joke instead?",
    "How much is five plus six?",
    "How long will this take?",
    "Who told you that?",
  ],
  "correction": [
    "No, I meant something else.",
    "Actually, tell me a joke.",
    "That is not what I asked.",
    "I do not want to hear this.",
    "Sorry, let me say that again.",
    "Not this one, another story.",
    "Let us talk about something else.",
    "I would rather know what day it is.",
  ],
} as const;

export const BACKCHANNELS = [
  "Uh huh.",
  "Right.",
  "Yeah.",
  "Okay.",
  "I see.",
  "Uh huh, uh huh.",
  "Yes.",
  "Yeah, yeah.",
  "Oh, okay.",
  "Ah, right.",
  "Sure.",
  "Oh, I see.",
] as const;

/** Said to somebody else in the room, or by somebody else. */
export const SIDE_TALK = [
  "Can you put the kettle on?",
  "I left the keys on the table in the hall.",
  "Yes, I am on the computer.",
  "Did you feed the cat this morning?",
  "Dinner will be ready in ten minutes.",
  "Where did you put my blue jacket?",
  "The children are playing in the garden.",
  "I will be with you in a second.",
  "Have you seen the letter from the bank?",
  "Somebody is at the front door.",
  "We should leave for the station soon.",
  "Close the window, it is getting cold.",
] as const;
