# JupyterLab with the course, read-only, for a JupyterHub or for one machine: see docs/hub.md.
# .dockerignore lets in what students may have, so no solution is in the image.
FROM python:3.12-slim-bookworm

# git is for nbgitpuller; tini ends what a notebook leaves running.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git tini \
    && rm -rf /var/lib/apt/lists/*

# The Hub's own version: `--build-arg JUPYTERHUB=4.1.6`, for example.
ARG JUPYTERHUB=5.*
WORKDIR /srv/course
COPY requirements.txt ./
RUN python -m pip install --no-cache-dir --requirement requirements.txt \
    "jupyterhub==${JUPYTERHUB}" "nbgitpuller>=1.2,<2"

COPY . ./
# Last on the path, as in a clone: the course's folders hide no library. Compiled here, since nobody
# can write here later. nbgrader takes a student's name from the Hub where the user is called jovyan.
RUN python -c "import pathlib, sysconfig; \
pathlib.Path(sysconfig.get_path('purelib'), 'course.pth').write_text('/srv/course\n')" \
    && python -m compileall -q autograder utils \
    && chmod -R a+rX,go-w /srv/course \
    && useradd --create-home --uid 1000 jovyan

# What a student writes goes to /home/jovyan/neural-networks.
ENV AUTOGRADER_HOME=/home/jovyan \
    JUPYTER_CONFIG_PATH=/srv/course/config/student:/srv/course/config
USER 1000
WORKDIR /home/jovyan
EXPOSE 8888
ENTRYPOINT ["tini", "--"]
# On a Hub: python -m autograder lab --program jupyterhub-singleuser
CMD ["python", "-m", "autograder", "lab", "--ip=0.0.0.0", "--port=8888", "--no-browser"]
