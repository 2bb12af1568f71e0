"""Translates mails in threads of their own."""
import contextvars
import threading

language = contextvars.ContextVar("language", default="en")
GREETINGS = {"en": "Hello", "de": "Hallo"}

def send(name, sent, tongue):
    sent.append(f"{GREETINGS[tongue]} {name}")

def invite(name, sent):
    thread = threading.Thread(target=send, args=(name, sent, language.get()))
    thread.start()
    thread.join()

def main():
    sent = []
    language.set("de")
    invite("Jens", sent)
    print(sent)

main()
