"""Translates mails in threads of their own."""
import contextvars
import threading

language = contextvars.ContextVar("language", default="en")
GREETINGS = {"en": "Hello", "de": "Hallo"}

def send(name, sent):
    sent.append(f"{GREETINGS[language.get()]} {name}")

def invite(name, sent):
    thread = threading.Thread(target=send, args=(name, sent))
    thread.start()
    thread.join()

def main():
    sent = []
    language.set("de")
    invite("Jens", sent)
    print(sent)

main()
